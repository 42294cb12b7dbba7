// @vitest-environment jsdom
import { expect, test } from "vitest";
import { clip, passing, refusal } from "./upload";

const file = (type: string, size = 1, name = "x") => ({ type, size, name });

test("files are refused before their first byte is sent, and told apart", () => {
  expect(refusal(file("image/jpeg"))).toBe("");
  expect(refusal(file("", 1, "IMG_1.HEIC"))).toBe(""); // some phones name no type
  expect(refusal(file("image/jpeg", 0))).toBe("empty");
  expect(refusal(file("application/pdf", 1, "a.pdf"))).toBe("kind");
  expect(refusal(file("image/png", 101 * 1024 * 1024))).toBe("large");
  expect(refusal(file("video/mp4", 101 * 1024 * 1024))).toBe("");
  expect(refusal(file("video/mp4", 2 ** 31 + 1))).toBe("large");
});

test("a name is kept within 200 bytes, with its end", () => {
  const long = `${"照".repeat(100)}.jpg`;
  expect(new TextEncoder().encode(clip(long)).length).toBeLessThanOrEqual(200);
  expect(clip(long).endsWith("照.jpg")).toBe(true);
  expect(clip("a.jpg")).toBe("a.jpg");
});

test("what passes is waited for, what is refused is not", () => {
  const error = (status?: number) =>
    Object.assign(new Error("x"), status ? { originalResponse: { getStatus: () => status } } : {});
  for (const s of [undefined, 409, 423, 429, 500, 503]) expect(passing(error(s)), String(s)).toBe(true);
  for (const s of [400, 401, 403, 413, 415, 422]) expect(passing(error(s)), String(s)).toBe(false);
});
