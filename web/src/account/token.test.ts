import { expect, it } from "vitest";
import { tokenOf } from "./token";

it("takes a token out of an address", () => {
  expect(tokenOf("#abc-DEF_123")).toBe("abc-DEF_123");
  expect(tokenOf("#a%2Fb%3D")).toBe("a/b=");
  expect(tokenOf("")).toBe("");
  expect(tokenOf("#")).toBe("");
  expect(tokenOf("#a%2")).toBe("");
  expect(tokenOf(`#${"x".repeat(501)}`)).toBe("");
});
