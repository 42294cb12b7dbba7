import { expect, test } from "vitest";
import type { Finding, Item } from "@/api/schema";
import { anglesOf, carriedTo, marksOf, nearOf } from "./choices";

const finding = (code: string, reference: string, measured: Record<string, number> = {}): Finding => ({
  code,
  reference,
  measured,
  strength: "strong",
  stance: "against",
  text: { zh: "", en: "" },
});
const item = (id: string, findings: Finding[] = []): Item =>
  ({ id, medium: "photo", screening: { findings } }) as unknown as Item;

const there = { there_x: 0.2, there_y: 0.3, there_width: 0.1, there_height: 0.05 };

test("another photo is offered where its view was asked, by its number among the evidence", () => {
  const one = item("one", [
    finding("reference.same_capture", "listing"),
    finding("angle.inconsistent", "three", there),
  ]);
  const items = [one, item("two"), item("three")];
  expect(anglesOf(one, items)).toEqual([{ reference: "three", role: "angle", number: 3 }]);
  expect(anglesOf(items[1], items)).toEqual([]);
  expect(anglesOf(undefined, items)).toEqual([]);
});

test("a photo that was withdrawn, and so is not among the evidence, is not offered", () => {
  const one = item("one", [finding("angle.consistent", "gone", there)]);
  expect(anglesOf(one, [one])).toEqual([]);
});

test("a place is carried over with its finding's number, and only to the photo that it was looked for in", () => {
  const one = item("one", [finding("angle.unseen", "two"), finding("angle.consistent", "three", there)]);
  const number = (_: Item, i: number) => String(i + 5);
  expect(carriedTo(one, "three", number)).toEqual([
    { x: 0.2, y: 0.3, width: 0.1, height: 0.05, altered: false, number: "6" },
  ]);
  expect(carriedTo(one, "two", number)).toEqual([]);
  expect(carriedTo(one, undefined, number)).toEqual([]);
});

test("a place has one frame, which carries the numbers of all findings about it", () => {
  const at = { x: 0.2, y: 0.3, width: 0.1, height: 0.05 };
  const one = item("one", [
    { ...finding("reference.same_capture", "listing"), regions: [{ ...at, kind: "altered" }] },
    { ...finding("angle.unseen", "two"), regions: [{ ...at, kind: "asked" }] },
    { ...finding("angle.consistent", "three", there), regions: [{ ...at, kind: "asked" }] },
  ]);
  expect(marksOf(one, { altered: true, places: true })).toEqual([{ ...at, altered: true, number: "1·2·3" }]);
  expect(marksOf(one, { altered: false, places: true })).toEqual([{ ...at, altered: false, number: "2·3" }]);
});

test("beside another view one begins at the places that were looked for in it", () => {
  const regions = [
    { x: 0.1, y: 0.1, width: 0.1, height: 0.1, kind: "asked" },
    { x: 0.3, y: 0.2, width: 0.1, height: 0.2, kind: "asked" },
  ];
  const one = item("one", [{ ...finding("angle.unseen", "two"), regions }]);
  expect(nearOf(one, "two", [])).toEqual({
    place: { x: 0.1, y: 0.1, width: expect.closeTo(0.3), height: expect.closeTo(0.3) },
    there: undefined,
  });
  expect(nearOf(one, "three", [])).toBeUndefined();
  const marked = { x: 0.5, y: 0.6, width: 0.1, height: 0.1 };
  expect(nearOf(one, "three", [], marked)).toEqual({
    place: expect.objectContaining({ x: 0.5, y: 0.6 }),
    there: undefined,
  });
});
