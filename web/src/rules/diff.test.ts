import { describe, expect, it } from "vitest";
import { countOf, diffLines, group } from "./diff";

const text = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`);

describe("diffLines", () => {
  it("finds nothing between equal texts", () => {
    expect(diffLines("a\nb", "a\nb").every((l) => l.kind === "same")).toBe(true);
    expect(group(diffLines("a\nb", "a\nb"))).toEqual([]);
  });
  it("keeps the common lines and numbers both sides", () => {
    const lines = diffLines("a\nb\nc\nd", "a\nx\nc\ny\nd");
    expect(lines.map((l) => `${l.kind[0]}${l.text}${l.before ?? "-"}${l.after ?? "-"}`)).toEqual([
      "sa11",
      "gb2-",
      "nx-2",
      "sc33",
      "ny-4",
      "sd45",
    ]);
  });
  it("can put both texts together again", () => {
    const old = text(60);
    const next = [...text(20), "in", ...text(60).slice(25), "out"];
    const lines = diffLines(old.join("\n"), next.join("\n"));
    const side = (gone: "gone" | "new") => lines.filter((l) => l.kind !== gone).map((l) => l.text);
    expect(side("new")).toEqual(old);
    expect(side("gone")).toEqual(next);
    expect(countOf(lines, "new")).toBe(2);
    expect(countOf(lines, "gone")).toBe(5);
  });
  it("does not stop the page over texts with nothing in common", () => {
    const a = text(5000).join("\n");
    const b = text(5000)
      .map((l) => `${l}!`)
      .join("\n");
    expect(countOf(diffLines(a, b), "gone")).toBe(5000);
  });
});

describe("group", () => {
  const change = (...at: number[]) => {
    const next = text(40);
    for (const n of at) next[n - 1] = "changed";
    return group(diffLines(text(40).join("\n"), next.join("\n")));
  };
  it("shows three lines around a change and counts what it skips", () => {
    const [hunk, ...rest] = change(20);
    expect(rest).toEqual([]);
    expect(hunk?.skipped).toBe(16);
    expect(hunk?.lines.map((l) => l.before ?? 0)).toEqual([17, 18, 19, 20, 0, 21, 22, 23]);
  });
  it("joins changes that stand close and parts those that do not", () => {
    expect(change(10, 16)).toHaveLength(1);
    const far = change(10, 18);
    expect(far).toHaveLength(2);
    expect(far[1]?.skipped).toBe(1);
  });
});
