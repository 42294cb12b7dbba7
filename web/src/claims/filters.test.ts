import { describe, expect, it } from "vitest";
import { narrowed, queryOf, read, write } from "./filters";

describe("filters in the address", () => {
  it("come back as they were", () => {
    const all = {
      state: "awaiting_merchant",
      kind: "refund_only",
      reason: "damaged",
      outcome: "refused",
      merchant: "M1001",
      q: "c01m8",
      from: "2026-11-01",
      to: "2026-11-24",
      sort: "due" as const,
    };
    expect(read(write(all))).toEqual(all);
    expect(read(new URLSearchParams(write(all).toString()))).toEqual(all);
  });
  it("that make no sense are left out", () => {
    expect(read(new URLSearchParams("state=asleep&kind=&from=2026-02-30&sort=up&x=1&reason=constructor"))).toEqual({});
    expect(read(new URLSearchParams(`q=${"x".repeat(65)}`))).toEqual({});
  });
  it("are equal addresses when they are equal", () => {
    expect(write({ q: "c1", state: "review" }).toString()).toBe(write({ state: "review", q: " c1 " }).toString());
    expect(write({}).toString()).toBe("");
  });
  it("reach to the end of their last day", () => {
    const q = queryOf({ state: "review", from: "2026-11-01", to: "2026-11-01" });
    expect(q.state).toEqual(["review"]);
    expect(Date.parse(q.to ?? "") - Date.parse(q.from ?? "")).toBe(86_400_000);
    expect(queryOf({}).from).toBeUndefined();
  });
  it("narrow a list, which sorting does not", () => {
    expect(narrowed({ sort: "due" })).toBe(false);
    expect(narrowed({ q: "c" })).toBe(true);
  });
});
