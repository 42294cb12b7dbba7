// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import type { Queued } from "@/api/schema";
import { type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import Queue from "./queue";
import { reviewWords } from "./words";

const page = staged();
const w = reviewWords.zh;
beforeEach(() => setLook({ language: "zh" }));

const queued = (id: string, more: Partial<Queued> = {}) =>
  ({
    claim_id: id,
    task: "decide",
    round: 1,
    kind: "refund_only",
    reason: "damaged",
    stakes: 1,
    senior: false,
    due: "2099-01-01T00:00:00Z",
    claim_amount: { amount: 12850, currency: "CNY" },
    buyer_words: `words of ${id}`,
    ...more,
  }) as unknown as Queued;

const desk = (more: Desk = {}): Desk => ({
  "GET /v1/me": { id: "u1", kind: "session", roles: ["reviewer"] },
  "GET /v1/reviews/summary": { total: 2, overdue: 1, mine: 0, due_soon: 1 },
  "GET /v1/me/views": { items: [] },
  "GET /v1/reviews": { items: [queued("c1"), queued("c2", { task: "reread", round: 2 })] },
  ...more,
});
const rows = () => [...document.querySelectorAll(".q-body .q-row")];

test("the keys walk the rows, choose them and open one with its task", async () => {
  await page.open(<Queue />, desk());
  await page.until(() => expect(rows()).toHaveLength(2));
  expect(rows()[0]?.className).toContain("current");
  await page.key("j");
  expect(rows()[1]?.className).toContain("current");
  await page.key("j"); // there is nothing below
  expect(rows()[1]?.className).toContain("current");
  await page.key("x");
  expect(rows().map((r) => r.getAttribute("aria-selected"))).toEqual(["false", "true"]);
  expect(page.text()).toContain(w.selected(1));
  await page.key("Enter");
  expect(page.where()).toBe("/review/c2?task=reread");
});

test("a filter goes to the desk and into the address, and is taken off again", async () => {
  await page.open(<Queue />, desk(), { to: "/review" });
  await page.press(new RegExp(`^${w.overdue}`));
  // Other questions may follow it: the cases that are fetched ahead.
  const filtered = () => page.asked.some((a) => a.what === "GET /v1/reviews" && a.query.get("overdue") === "true");
  await page.until(() => expect(filtered()).toBe(true));
  expect(page.where()).toBe("/review?overdue=true");
  expect(page.button(new RegExp(`^${w.overdue}`)).getAttribute("aria-pressed")).toBe("true");
  await page.press(new RegExp(`^${w.mine}`));
  expect(page.where()).toBe("/review?overdue=true&mine=true");
  await page.press(new RegExp(`^${w.overdue}`));
  expect(page.where()).toBe("/review?mine=true");
  await page.press(new RegExp(`^${w.all}`));
  expect(page.where()).toBe("/review");
});

test("an empty queue says so: that there is nothing, or nothing like this", async () => {
  const none = { "GET /v1/reviews": { items: [] } };
  await page.open(<Queue />, desk(none));
  await page.shows(w.nothing);
  expect(page.there(w.clear)).toBe(false);
});

test("filters that leave nothing can be cleared from there", async () => {
  await page.open(<Queue />, desk({ "GET /v1/reviews": { items: [] } }), { to: "/review?mine=true" });
  await page.shows(w.none);
  await page.press(w.clear);
  expect(page.where()).toBe("/review");
});

test("taking the next case opens what the desk gives, and says where it gives none", async () => {
  let lease: unknown = { claim_id: "c9", task: "confirm", round: 1 };
  await page.open(<Queue />, desk({ "POST /v1/reviews/lease": () => lease }), { to: "/review", path: "/review" });
  lease = problem(404, "not_found", "没有可领的案件");
  await page.press(w.take);
  expect(page.where()).toBe("/review");
  lease = { claim_id: "c9", task: "confirm", round: 1 };
  await page.press(w.take);
  await page.until(() => expect(page.where()).toBe("/review/c9?task=confirm"));
});

test("a case that somebody else holds says so, one's own otherwise", async () => {
  const held = { holder: "u2", lease_until: "2099-01-01T00:00:00Z" } as Partial<Queued>;
  const mine = { ...held, holder: "u1" } as Partial<Queued>;
  await page.open(<Queue />, desk({ "GET /v1/reviews": { items: [queued("c1", held), queued("c2", mine)] } }));
  await page.until(() => expect(rows()).toHaveLength(2));
  await page.until(() => expect(rows()[1]?.textContent).toContain(w.heldByMe));
  expect(rows()[0]?.textContent).toContain(w.held);
  expect(rows()[0]?.textContent).not.toContain(w.heldByMe);
});

test("what the desk does not answer can be asked for again", async () => {
  let answer: unknown = problem(503, "busy", "服务繁忙");
  await page.open(<Queue />, desk({ "GET /v1/reviews": () => answer }));
  await page.shows("服务繁忙");
  answer = { items: [queued("c1")] };
  await page.press(/重试|再试/);
  await page.until(() => expect(rows()).toHaveLength(1));
});
