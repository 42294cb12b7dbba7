import { describe, expect, it } from "vitest";
import { lastDays, midnight, presetOf, queryOf, readRange, writePreset, writeRange } from "./range";

const now = new Date(2026, 2, 1, 15, 30);

describe("a range in the address", () => {
  it("survives the way into the address and back", () => {
    const range = { from: "2026-01-30", to: "2026-02-27" };
    const params = writeRange(new URLSearchParams("days=7&q=C1"), range);
    expect(readRange(params, now)).toEqual(range);
    expect(presetOf(params)).toBeUndefined();
    expect(params.get("q")).toBe("C1");
  });
  it("keeps presets short, and takes the usual one for none", () => {
    expect(writePreset(new URLSearchParams("from=2026-01-01&to=2026-01-02"), 30).toString()).toBe("");
    expect(readRange(writePreset(new URLSearchParams(), 7), now)).toEqual({ from: "2026-02-23", to: "2026-03-01" });
    expect(presetOf(new URLSearchParams("days=8"))).toBe(30);
  });
  it("does not believe days that are none, or a range that ends before it begins", () => {
    for (const bad of [
      "from=2026-02-30&to=2026-03-01",
      "from=2026-03-01&to=2026-02-01",
      "from=x&to=y",
      "from=2026-02-01",
    ])
      expect(readRange(new URLSearchParams(bad), now)).toEqual(lastDays(30, now));
  });
  it("asks for whole days, the last one with them", () => {
    const q = queryOf({ from: "2026-02-01", to: "2026-02-28" });
    expect(q.to).toBe(new Date(2026, 2, 1).toISOString());
    expect(q.from).toBe(midnight("2026-02-01")?.toISOString());
  });
});
