import { expect, test } from "vitest";
import { type Draft, needsAmount, offerOf } from "./answer";

const ask = { amount: 16_800, currency: "CNY" };
const draft = (d: Partial<Draft>): Draft => ({ text: "", offer: "partial_refund", amount: "", ...d });

test.each([
  ["50", 5000],
  ["¥50.5", 5050],
  [" 1,00 ", 10_000], // commas group
  ["167.99", 16_799],
  ["168", undefined], // the whole is no part
  ["168.01", undefined],
  ["0", undefined],
  ["", undefined],
  ["-3", undefined],
  ["1e3", undefined],
  ["3.999", undefined],
])("a partial refund of %j is %j fen", (amount, want) => {
  expect(offerOf(draft({ amount }), ask)?.amount.amount).toBe(want);
});

test("a return gives the whole unless something else is typed, and never more", () => {
  expect(offerOf(draft({ offer: "return_refund" }), ask)?.amount.amount).toBe(16_800);
  expect(offerOf(draft({ offer: "return_refund", amount: "168" }), ask)?.amount.amount).toBe(16_800);
  expect(offerOf(draft({ offer: "return_refund", amount: "169" }), ask)).toBeUndefined();
});

test("an exchange and a repair give no money", () => {
  for (const offer of ["exchange", "repair"] as const) {
    expect(needsAmount(offer)).toBe(false);
    expect(offerOf(draft({ offer, amount: "99" }), ask)).toEqual({
      kind: offer,
      amount: { amount: 0, currency: "CNY" },
    });
  }
});

test("yen have no cents", () => {
  expect(offerOf(draft({ amount: "500" }), { amount: 1000, currency: "JPY" })?.amount.amount).toBe(500);
  expect(offerOf(draft({ amount: "5.5" }), { amount: 1000, currency: "JPY" })).toBeUndefined();
});
