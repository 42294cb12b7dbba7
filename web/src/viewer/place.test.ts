// @vitest-environment jsdom
import { describe, expect, test } from "vitest";
import type { Item } from "@/api/schema";
import { othersOf, seenIn } from "./marking";
import { between, least, middleOf } from "./place";

const picture = { width: 4000, height: 3000 };
const view = { scale: 0.1, x: 50, y: 20 }; // 400 by 300 px of the screen

describe("a place drawn by hand", () => {
  test("is in fractions of the picture, whichever corner one began at", () => {
    const want = { x: 0.25, y: 0.1, width: 0.25, height: 0.4 };
    expect(between(view, picture, { x: 150, y: 50 }, { x: 250, y: 170 })).toEqual(want);
    expect(between(view, picture, { x: 250, y: 170 }, { x: 150, y: 50 })).toEqual(want);
  });

  test("ends with the picture; beside it, or by a mere tap, there is none", () => {
    expect(between(view, picture, { x: 0, y: 0 }, { x: 250, y: 170 })).toEqual({ x: 0, y: 0, width: 0.5, height: 0.5 });
    expect(between(view, picture, { x: 0, y: 0 }, { x: 45, y: 170 })).toBeUndefined();
    expect(between(view, picture, { x: 150, y: 50 }, { x: 154, y: 53 })).toBeUndefined();
  });

  test("is never smaller than what the desk asks about, and stays on the picture", () => {
    for (const x of [51, 200, 449]) {
      const p = between(view, picture, { x, y: 319 }, { x: x + 1, y: 311 });
      expect(p?.width).toBeGreaterThanOrEqual(least);
      expect(p?.height).toBeGreaterThanOrEqual(least);
      expect((p?.x ?? -1) >= 0 && (p?.x ?? 1) + (p?.width ?? 1) <= 1).toBe(true);
      expect((p?.y ?? -1) >= 0 && (p?.y ?? 1) + (p?.height ?? 1) <= 1.000001).toBe(true);
    }
  });
});

test("the keyboard marks the middle of what is seen", () => {
  expect(middleOf(view, picture, { x: 0, y: 0, width: 600, height: 400 })).toEqual({
    x: 0.3,
    y: 0.3,
    width: 0.4,
    height: 0.4,
  });
  // The right half of the picture lies in the left half of the pane.
  expect(middleOf({ ...view, x: -200 }, picture, { x: 0, y: 0, width: 600, height: 320 })).toEqual({
    x: 0.65,
    y: 0.3,
    width: 0.2,
    height: 0.4,
  });
  expect(middleOf({ ...view, x: -900 }, picture, { x: 0, y: 0, width: 600, height: 400 })).toBeUndefined();
});

test("asked are the same side's other photos, each of bytes of its own", () => {
  const item = (id: string, party: string, sha256: string, medium = "photo") =>
    ({ id, party, sha256, medium }) as unknown as Item;
  const one = item("one", "buyer", "a");
  const items = [
    one,
    item("two", "buyer", "b"),
    item("twin", "buyer", "a"),
    item("theirs", "merchant", "c"),
    item("film", "buyer", "d", "video"),
  ];
  expect(othersOf(one, items).map((e) => e.id)).toEqual(["two"]);
  expect(othersOf(items[4], items)).toEqual([]);
  expect(othersOf(undefined, items)).toEqual([]);
});

test("the place is shown in another photo only where it is known", () => {
  const there = { there_x: 0.2, there_y: 0.3, there_width: 0.1, there_height: 0.05 };
  const finding = (measured: Record<string, number>) => ({
    code: "angle.consistent",
    strength: "weak",
    stance: "for",
    text: { zh: "", en: "" },
    measured,
  });
  const answers = [
    { photo: "two", finding: finding(there) },
    { photo: "three", finding: finding({ matches: 3 }) },
    { photo: "four", error: { zh: "读不了", en: "Broken." } },
  ];
  expect(seenIn(answers, "two")).toEqual([{ x: 0.2, y: 0.3, width: 0.1, height: 0.05, altered: false, number: "A" }]);
  for (const other of ["three", "four", "none", undefined]) expect(seenIn(answers, other)).toEqual([]);
});
