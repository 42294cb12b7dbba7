import { describe, expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { type Draft, emptyDraft, missingIn, needsSecond, rulingOf } from "./ruling";

const ask = { amount: 12850, currency: "CNY" };
const claim = { kind: "refund_only", ask, terms: { four_eyes: { CNY: 10000 } } } as unknown as Case["claim"];
const draft = (d: Partial<Draft>): Draft => ({ ...emptyDraft, ...d });

describe("a ruling", () => {
  test("says what it still needs", () => {
    expect(missingIn(emptyDraft, ask)).toEqual(["outcome", "codes"]);
    expect(missingIn(draft({ outcome: "refused", codes: ["x"], text: "  " }), ask)).toEqual(["text"]);
    for (const amount of ["", "0", "128.51", "12.345", "a lot"])
      expect(missingIn(draft({ outcome: "partly", kind: "partial_refund", codes: ["x"], amount }), ask)).toEqual([
        "amount",
      ]);
    expect(
      missingIn(draft({ outcome: "partly", kind: "partial_refund", codes: ["x"], amount: "128.50" }), ask),
    ).toEqual([]);
    expect(missingIn(draft({ outcome: "partly", kind: "exchange", codes: ["x"] }), ask)).toEqual([]);
  });

  test("granted is what was asked for, refused pays nothing, an exchange is free", () => {
    expect(rulingOf(draft({ outcome: "granted", codes: ["x"], amount: "1" }), claim).remedy).toEqual({
      kind: "refund_only",
      amount: ask,
    });
    expect(rulingOf(draft({ outcome: "refused", codes: ["x"], text: " no " }), claim)).toMatchObject({
      remedy: undefined,
      text: "no",
    });
    expect(
      rulingOf(draft({ outcome: "partly", kind: "exchange", codes: ["x"], amount: "5" }), claim).remedy?.amount.amount,
    ).toBe(0);
  });

  test("a second person is needed from the amount on, and always in a currency that the terms do not name", () => {
    const asking = (amount: number, currency: string) => ({ ...claim, ask: { amount, currency } }) as Case["claim"];
    const granted = draft({ outcome: "granted" });
    expect(needsSecond(claim, granted)).toBe(true);
    expect(needsSecond(asking(9999, "CNY"), granted)).toBe(false);
    expect(needsSecond(asking(1, "USD"), granted)).toBe(true);
    expect(needsSecond(claim, emptyDraft)).toBe(false);
  });
});
