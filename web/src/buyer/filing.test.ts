import { expect, test } from "vitest";
import type { Case, Claim, Exhibit, Left, OrderLine, Requirement } from "@/api/schema";
import {
  askOf,
  begin,
  choosing,
  differs,
  freeOf,
  goodsOf,
  kindsFor,
  lacks,
  missingFrom,
  type Ordered,
  ordered,
  stepsOf,
  unitsOf,
  type Wish,
  worth,
} from "./filing";

const cny = (amount: number) => ({ amount, currency: "CNY" });
const line = (id: string, price: number, quantity = 1) => ({ id, title: id, quantity, price: cny(price) });
/** left is what remains of a line of which some units were used up, and what of its price was paid for it. */
const left = (l: OrderLine, used = 0, paid = l.price.amount * l.quantity, back = 0): Left => ({
  line_id: l.id,
  units: l.quantity - used,
  quantity: l.quantity,
  paid: cny(paid),
  amount: cny(paid - back),
});
const order = (
  lines = [line("1", 3900)],
  total = 3900,
  of: Left[] = lines.map((l) => left(l)),
  remains = total,
): Ordered => ({
  id: "o1",
  merchant_id: "m1",
  buyer_id: "b1",
  lines,
  total: cny(total),
  placed_at: "2026-11-01T00:00:00Z",
  left: { amount: cny(remains), paid: cny(total), lines: of },
});
const wish = (w: Partial<Wish> = {}): Wish => ({ lines: ["1"], units: {}, amount: "", story: "", ...w });
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

test("goods are worth what was paid for them, and no more than remains of the whole", () => {
  const lines = [line("1", 3900, 2), line("2", 5000)];
  const two = order(lines, 10_000, undefined, 9000);
  expect(worth(two, wish({ lines: ["1"] })).amount).toBe(7800);
  expect(worth(two, wish({ lines: ["1"], units: { "1": 1 } })).amount).toBe(3900);
  expect(worth(two, wish({ lines: ["1", "2"] })).amount).toBe(9000);
});

// As order/room.go counts: the fen that do not divide go to the first units, and the last ones bring all that is left.
test.each([
  // three for 100.00, by units that were used up, and what was paid back for them
  [1, 0, 0, 3334],
  [2, 0, 0, 6667],
  [3, 0, 0, 10_000],
  [1, 1, 3334, 3333],
  [2, 1, 3334, 6666],
  [2, 1, 3000, 7000],
  [1, 0, 8000, 2000], // a partial refund before: no more than what is left
])("%i of three units, %i used up for %i fen, are worth %i", (n, used, back, want) => {
  const l = line("1", 4000, 3);
  const three = order([l], 10_000, [left(l, used, 10_000, back)], 10_000 - back);
  expect(worth(three, wish({ units: { "1": n } })).amount).toBe(want);
});

test("a draft of one of three units stays one of one, and the page is not ahead of it", () => {
  const three = order([line("1", 4000, 3)], 10_000, [left(line("1", 4000, 3), 0, 10_000)]);
  const claim = { kind: "refund_only", reason: "damaged", ask: cny(3334), units: { "1": 1 }, line_ids: ["1"] };
  const draft = { claim } as unknown as Case;
  const w = begin(three, draft);
  expect(w.units).toEqual({ "1": 1 });
  expect(unitsOf(three, w)).toEqual({ "1": 1 });
  expect(differs(three, w, draft)).toBe(false);
  expect(differs(three, { ...w, units: { "1": 2 } }, draft)).toBe(true);
  // One of an older version names no units: all that are left.
  const old = { claim: { ...claim, units: undefined, ask: cny(10_000) } } as unknown as Case;
  expect(begin(three, old).units).toEqual({ "1": 3 });
  expect(differs(three, begin(three, old), old)).toBe(false);
});

test("units that went to another claim are left out of a draft, and of what can be chosen", () => {
  const l = line("1", 4000, 3);
  const other = { id: "c2", units: { "1": 2 } } as unknown as Claim;
  const three = ordered(order([l], 12_000), order([l], 12_000).left, [other]);
  expect(freeOf(three, "1")).toBe(1);
  expect(three.by).toEqual({ "1": "c2" });
  const claim = { kind: "refund_only", reason: "damaged", ask: cny(12_000), units: { "1": 3 }, line_ids: ["1"] };
  const draft = { claim } as unknown as Case;
  expect(begin(three, draft).units).toEqual({ "1": 1 });
  expect(differs(three, begin(three, draft), draft)).toBe(true);
  const all = ordered(order([l], 12_000), order([l], 12_000).left, [other, { ...other, id: "c3" }]);
  expect(begin(all, undefined).lines).toEqual([]);
});

test("what an open claim is about, by units, by lines, and of the whole order", () => {
  const remains = order([line("1", 100, 3), line("2", 100)], 400).left;
  expect(goodsOf({ units: { "1": 2 }, line_ids: ["1"] }, remains)).toEqual({ "1": 2 });
  expect(goodsOf({ line_ids: ["2"] }, remains)).toEqual({ "2": 1 });
  expect(goodsOf({}, remains)).toEqual({ "1": 3, "2": 1 });
});

test("a single article of several units is asked how many; of one unit nothing is asked", () => {
  expect(choosing(order())).toBe(false);
  const three = order([line("1", 100, 3)], 300);
  expect(choosing(three)).toBe(true);
  expect(stepsOf(three, wish(), undefined)[0]).toBe("goods");
  expect(begin(three, undefined).units).toEqual({ "1": 1 });
  expect(begin(order([line("1", 100), line("2", 100)], 200), undefined).lines).toEqual([]);
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
  expect(w).toEqual({
    lines: ["1"],
    units: { "1": 1 },
    reason: "damaged",
    kind: "partial_refund",
    amount: "12.50",
    story: "裂了",
  });
  expect(differs(order(), w, draft)).toBe(false);
  expect(differs(order(), { ...w, story: "裂了 " }, draft)).toBe(false);
  expect(differs(order(), { ...w, amount: "12.51" }, draft)).toBe(true);
  expect(differs(order(), { ...w, story: "碎了" }, draft)).toBe(true);
  expect(differs(order(), w, undefined)).toBe(true);
});
