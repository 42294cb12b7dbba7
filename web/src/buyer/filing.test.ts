import { expect, test } from "vitest";
import type { Case, Exhibit, Order, Requirement } from "@/api/schema";
import { askOf, begin, differs, kindsFor, lacks, missingFrom, stepsOf, type Wish, worth } from "./filing";

const cny = (amount: number) => ({ amount, currency: "CNY" });
const line = (id: string, price: number, quantity = 1) => ({ id, title: id, quantity, price: cny(price) });
const order = (lines = [line("1", 3900)], total = 3900): Order => ({
  id: "o1",
  merchant_id: "m1",
  buyer_id: "b1",
  lines,
  total: cny(total),
  placed_at: "2026-11-01T00:00:00Z",
});
const wish = (w: Partial<Wish> = {}): Wish => ({ lines: ["1"], amount: "", story: "", ...w });
const need = (purpose: string, medium = "photo", or?: string[]): Requirement => ({
  purpose,
  medium,
  or,
  text: { zh: purpose, en: purpose },
});
const have = (purpose: string, sha256: string, medium = "photo", party = "buyer"): Exhibit => ({
  id: sha256,
  party,
  purpose,
  medium,
  sha256,
  at: "2026-11-01T00:00:00Z",
});

test("one article is worth its price, several no more than was paid", () => {
  const two = order([line("1", 3900, 2), line("2", 5000)], 10_000);
  expect(worth(two, ["1"]).amount).toBe(7800);
  expect(worth(two, ["1", "2"]).amount).toBe(10_000);
  expect(worth(two, []).amount).toBe(10_000);
});

test.each([
  ["20", 2000],
  ["38.99", 3899],
  ["39", undefined], // the whole is no part
  ["0", undefined],
  ["", undefined],
  ["1,2", 1200], // a comma groups; it is no point
  ["1.234", undefined],
  ["-5", undefined],
  ["一百", undefined],
])("a partial refund of %j is %j fen", (amount, want) => {
  expect(askOf(order(), wish({ kind: "partial_refund", amount }))?.amount).toBe(want);
});

test("any other kind asks for the whole", () => {
  expect(askOf(order(), wish({ kind: "repair", amount: "1" }))?.amount).toBe(3900);
});

test("one item meets one requirement, and the same bytes are one item", () => {
  const three = [need("whole", "photo", ["video"]), need("close_up"), need("second_angle")];
  const purposes = (list: Requirement[]) => list.map((r) => r.purpose);
  expect(purposes(missingFrom(three, []))).toEqual(["whole", "close_up", "second_angle"]);
  expect(purposes(missingFrom(three, [have("whole", "a", "video"), have("close_up", "b")]))).toEqual(["second_angle"]);
  expect(purposes(missingFrom(three, [have("close_up", "a"), have("second_angle", "a"), have("whole", "b")]))).toEqual([
    "second_angle",
  ]);
  expect(purposes(missingFrom(three, [have("whole", "a", "photo", "merchant")]))).toContain("whole");
  expect(purposes(missingFrom([need("close_up")], [have("close_up", "a", "video")]))).toEqual(["close_up"]);
});

test("what is missing is told step by step", () => {
  const two = order([line("1", 100), line("2", 100)], 200);
  expect(lacks(two, wish({ lines: [] }), [], []).map((l) => l.step)).toEqual(["goods", "reason", "kind"]);
  const w = wish({ reason: "damaged", kind: "refund_only" });
  expect(lacks(order(), w, [need("whole")], []).map((l) => [l.step, l.requirement?.purpose])).toEqual([
    ["evidence", "whole"],
  ]);
  expect(lacks(order(), w, [need("whole")], [have("whole", "a")])).toEqual([]);
  expect(lacks(order(), { ...w, kind: "partial_refund" }, [], []).map((l) => l.step)).toEqual(["kind"]);
});

test("steps that make no sense are left out", () => {
  expect(stepsOf(order(), wish({ reason: "not_received" }), [])).toEqual(["reason", "kind", "words", "check"]);
  expect(stepsOf(order([line("1", 1), line("2", 1)], 2), wish(), undefined)[0]).toBe("goods");
  expect(stepsOf(order(), wish({ reason: "damaged" }), undefined)).toContain("evidence");
});

test("nobody repairs what never came", () => {
  expect(kindsFor("not_received")).not.toContain("repair");
  expect(kindsFor("damaged")).toContain("repair");
});

test("a draft is taken up as it was left, and compared with the page", () => {
  const claim = { kind: "partial_refund", reason: "damaged", ask: cny(1250), story: "裂了", line_ids: ["1"] };
  const draft = { claim } as unknown as Case;
  const w = begin(order(), draft);
  expect(w).toEqual({ lines: ["1"], reason: "damaged", kind: "partial_refund", amount: "12.50", story: "裂了" });
  expect(differs(order(), w, draft)).toBe(false);
  expect(differs(order(), { ...w, story: "裂了 " }, draft)).toBe(false);
  expect(differs(order(), { ...w, amount: "12.51" }, draft)).toBe(true);
  expect(differs(order(), { ...w, story: "碎了" }, draft)).toBe(true);
  expect(differs(order(), w, undefined)).toBe(true);
});
