import { describe, expect, it } from "vitest";
import { names, sectionOf, suggest } from "./complete";

const source = `name: X
amounts:
  # what is small
  small: {CNY: "50.00"}
  fresh: {CNY: "90.00"}
lists:
  fresh: [fruit]
rules:
  - name: one
    at: [filed]
    when: claim.amount <= amounts.small
    then: settle
`;
const above = source.split("\n");
const labels = (line: string, over = above, asked = false) =>
  suggest(line, over, source, asked)?.options.map((o) => o.label) ?? [];

describe("suggest", () => {
  it("knows where it stands", () => {
    expect(sectionOf(above)).toEqual({ top: "rules", open: "then" });
    expect(names(source, "amounts")).toEqual(["small", "fresh"]);
    expect(names(source, "lists")).toEqual(["fresh"]);
  });
  it("offers keys by section", () => {
    expect(labels("am")).toContain("amounts");
    expect(labels("    wh")).toContain("when");
    expect(labels("  app", ["terms:"])).toContain("appeal_window");
  });
  it("offers actions and stages as values", () => {
    expect(labels("    then: se")).toContain("settle");
    expect(labels("    at: [filed, con")).toContain("contested");
  });
  it("completes fields after a dot, from the dot on", () => {
    const got = suggest("    when: buyer.re", above, source);
    expect(got?.options.map((o) => o.label)).toEqual(["orders", "claims", "refunds", "confirmed"]);
    expect(got?.from).toBe("    when: buyer.".length);
    expect(labels("    when: claim.amount > amounts.")).toEqual(["small", "fresh"]);
    expect(labels("    when: claim.categories.")).toEqual(["within", "size", "exists"]);
  });
  it("completes codes and reasons inside quotes", () => {
    expect(labels('    when: any_finding("reuse.')).toContain("reuse.same_capture");
    expect(labels('    when: claim.reason in ["damaged", "mi')).toContain("missing");
  });
  it("goes on with a condition over several lines", () => {
    expect(labels("      && aga", [...above, "    when: >-"])).toContain("against");
    expect(labels("      && ", [...above, "    when: >-"])).toEqual([]);
    expect(labels("      && ", [...above, "    when: >-"], true)).toContain("merchant");
  });
  it("is silent in sentences", () => {
    expect(labels("      en: The merchant is", [...above, "    why:"])).toEqual([]);
  });
});
