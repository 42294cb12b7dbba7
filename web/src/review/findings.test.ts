// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Item } from "@/api/schema";
import { findingName } from "@/words/domain";
import { limitOf } from "./case-words";
import { calledIn } from "./findings";

const found = (measured: Record<string, number>, strength = "strong") => ({
  code: "reference.same_capture",
  strength,
  measured,
});

test("a picture that was redrawn or bent is not titled a copy, and has its own limits", () => {
  const copied = found({ hits: 40 });
  for (const other of [found({ redrawn: 1 }), found({ redrawn: 1 }, "weak"), found({ bent: 1 })]) {
    for (const language of ["zh", "en"] as const)
      expect(findingName(other, language)).not.toBe(findingName(copied, language));
    expect(limitOf(other)).not.toBe(limitOf(copied));
  }
  expect(findingName(found({ redrawn: 1 }), "en")).toBe("The shop's picture, redrawn");
  expect(findingName(found({ redrawn: 1 }), "zh")).toContain("重绘");
  expect(limitOf(found({ redrawn: 1 }))?.en).not.toContain("pixels");
});

test("a photo is called by its number on the viewer's strip, where written words have none", () => {
  const items = [
    { id: "w", medium: "statement" },
    { id: "a", medium: "photo" },
    { id: "b", medium: "photo" },
  ] as unknown as Item[];
  expect(items.map((it) => calledIn(items, it, "其他"))).toEqual(["其他", "1 · 其他", "2 · 其他"]);
});
