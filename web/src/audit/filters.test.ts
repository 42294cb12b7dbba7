import { describe, expect, it } from "vitest";
import { groupOf, queryOf, read, write } from "./filters";

describe("the record's filters", () => {
  it("come back from the address as they were", () => {
    const all = { kind: "policy.approved", stream: "policy/P1", by: "U1", from: "2026-11-01", to: "2026-11-24" };
    expect(read(new URLSearchParams(write(all).toString()))).toEqual(all);
  });
  it("are left out when they make no sense", () => {
    expect(read(new URLSearchParams(`from=yesterday&to=2026-13-01&kind=+&by=${"x".repeat(101)}`))).toEqual({});
  });
  it("reach to the end of the last day", () => {
    const q = queryOf({ to: "2026-11-24" });
    expect(q.from).toBeUndefined();
    expect(new Date(q.to ?? "").getDate()).toBe(25);
  });
  it("know a subject's kind", () => {
    expect(groupOf("claim/c1")).toBe("claim");
    expect(groupOf("policy")).toBe("policy");
  });
});
