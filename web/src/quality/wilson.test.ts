import { describe, expect, it } from "vitest";
import { wilson, worrying } from "./wilson";

describe("Wilson's interval", () => {
  // Ends found by bisection of (share - end)² = z² end (1 - end) / n, which defines the interval.
  it.each([
    [0, 10, 0, 0.2775],
    [1, 10, 0.0179, 0.4042],
    [5, 10, 0.2366, 0.7634],
    [10, 10, 0.7225, 1],
    [3, 200, 0.0051, 0.0432],
  ])("of %i in %i", (hits, of, low, high) => {
    const i = wilson(hits, of);
    expect(i?.low).toBeCloseTo(low, 4);
    expect(i?.high).toBeCloseTo(high, 4);
  });
  it("of nothing is none", () => {
    expect(wilson(0, 0)).toBeUndefined();
    expect(wilson(3, 2)).toBeUndefined();
    expect(wilson(-1, 2)).toBeUndefined();
  });
});

describe("a detector to look at", () => {
  const d = { strength: "strong", stance: "against", overturned: 0, upheld: 20 };
  it("is one that people overturn more often than one time in ten", () => {
    expect(worrying(d)).toBe(false);
    expect(worrying({ ...d, overturned: 1, upheld: 1 })).toBe(false); // two cases tell little
    expect(worrying({ ...d, overturned: 9, upheld: 11 })).toBe(true);
  });
  it("is a conclusive one that was wrong once", () => {
    expect(worrying({ ...d, strength: "conclusive", overturned: 1, upheld: 999 })).toBe(true);
  });
  it("is not one that speaks for the buyer", () => {
    expect(worrying({ ...d, stance: "for", overturned: 20 })).toBe(false);
  });
});
