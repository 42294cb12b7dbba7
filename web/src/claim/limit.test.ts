import { expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { limitOf } from "./limit";

const of = (ask: number, most?: number) =>
  limitOf({
    claim: { ask: { amount: ask, currency: "CNY" } },
    left: most === undefined ? undefined : { most: { amount: most, currency: "CNY" } },
  } as unknown as Case).amount;

test("nobody is given more than was asked for, nor than is left of what was paid", () => {
  expect(of(300, 250)).toBe(250);
  expect(of(300, 400)).toBe(300);
  expect(of(300, 0)).toBe(0);
  expect(of(300)).toBe(300);
});
