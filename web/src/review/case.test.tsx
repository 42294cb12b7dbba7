// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from "vitest";
import { type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import CasePage from "./case";
import { caseWords } from "./case-words";
import { reviewWords } from "./words";

// Pictures and the panel have tests of their own.
const seen: string[] = [];
// What surrounds the case is not what is tried here either.
vi.mock("./facts", () => ({
  Clocks: () => null,
  Histories: () => <p>histories</p>,
  OrderFacts: () => null,
  Surroundings: () => <p>surroundings</p>,
}));
vi.mock("@/viewer/viewer", () => ({ Viewer: () => <p>pictures</p> }));
vi.mock("./panel", () => ({
  default: (p: { task: string; draft: { outcome?: string }; onDone: () => void }) => {
    seen.push(`${p.task} ${p.draft.outcome ?? "-"}`);
    return (
      <button type="button" onClick={p.onDone}>
        done with {p.task}
      </button>
    );
  },
}));

const page = staged();
const w = caseWords.zh;
beforeEach(() => {
  setLook({ language: "zh" });
  seen.length = 0;
});

const claim = {
  id: "c1",
  version: 3,
  order_id: "o1",
  merchant_id: "m1",
  kind: "refund_only",
  reason: "damaged",
  ask: { amount: 12850, currency: "CNY" },
  state: "review",
  round: 1,
  opened_at: "2026-11-24T02:00:00Z",
};
const order = { id: "o1", merchant_id: "m1", buyer_id: "b1", lines: [], total: claim.ask, placed_at: claim.opened_at };
const desk = (more: Desk = {}): Desk => ({
  "GET /v1/me": { id: "u1", kind: "session", roles: ["reviewer"] },
  "GET /v1/claims/c1": { claim, order, evidence: [], references: [], left: { lines: [] } },
  "GET /v1/claims/c1/context": {
    buyer: { claims: 1, confirmed: 0, orders: 2, refunds: 0, recent: [] },
    merchant: {},
    route: {},
    sharing: [],
  },
  "GET /v1/claims/c1/explanation": { steps: [] },
  "POST /v1/reviews/lease": { claim_id: "c1", task: "decide", round: 1, lease_until: "2099-01-01T00:00:00Z" },
  ...more,
});
const open = (more?: Desk, to = "/review/c1") => page.open(<CasePage />, desk(more), { to, path: "/review/:id" });
const leases = () => page.sent("POST /v1/reviews/lease");

test("whoever only reads a case does not hold it; taking it puts the task into the address and asks for it", async () => {
  await open();
  await page.shows("128.50");
  expect(leases()).toEqual([]);
  expect(page.there(/^done with/)).toBe(false);
  await page.press(w.take);
  await page.until(() => expect(page.there("done with decide")).toBe(true));
  expect(page.where()).toBe("/review/c1?task=decide");
  expect(leases()).toEqual([{ claim_id: "c1", task: "decide" }]);
});

test("what somebody else has proposed is taken to be confirmed", async () => {
  const proposal = {
    outcome: "granted",
    by: { id: "u2", role: "reviewer", name: "林" },
    reasons: [],
    at: claim.opened_at,
  };
  await open({
    "GET /v1/claims/c1": { claim: { ...claim, proposal }, order, evidence: [], references: [], left: { lines: [] } },
  });
  await page.press(w.take);
  await page.until(() => expect(page.where()).toBe("/review/c1?task=confirm"));
});

test("a case that another holds says why it cannot be decided, and gives no panel", async () => {
  await open({ "POST /v1/reviews/lease": problem(409, "held", "林已领取") }, "/review/c1?task=decide");
  await page.shows("林已领取");
  expect(page.there("done with decide")).toBe(false);
  await page.key("g");
  expect(seen).toEqual([]);
});

test("keys decide only what one holds", async () => {
  await open();
  await page.shows("128.50");
  await page.key("g"); // nobody holds it yet
  await page.press(w.take);
  await page.until(() => expect(page.there("done with decide")).toBe(true));
  expect(seen.at(-1)).toBe("decide -");
  await page.key("g");
  await page.until(() => expect(seen.at(-1)).toBe("decide granted"));
  await page.key("r");
  await page.until(() => expect(seen.at(-1)).toBe("decide refused"));
});

test("an auditor reads everything and is offered nothing", async () => {
  await open({ "GET /v1/me": { id: "u3", kind: "session", roles: ["auditor"] } }, "/review/c1?task=decide");
  await page.shows("128.50");
  expect(page.there(w.take)).toBe(false);
  expect(page.there(new RegExp(`^${w.next}`))).toBe(false);
  expect(leases()).toEqual([]);
});

test("a blind second reading shows no history and nothing decided", async () => {
  await open(
    {
      "GET /v1/claims/c1": { claim: { ...claim, state: "closed" }, order, evidence: [], references: [], blind: true },
      "POST /v1/reviews/lease": { claim_id: "c1", task: "reread", round: 1, lease_until: "2099-01-01T00:00:00Z" },
    },
    "/review/c1?task=reread",
  );
  await page.until(() => expect(page.there("done with reread")).toBe(true));
  expect(page.text()).toContain(w.blind);
  expect(page.text()).not.toMatch(/histories|surroundings/);
});

test("giving a case back names its round and task, and leads to the queue", async () => {
  await open({ "POST /v1/claims/c1/release": undefined }, "/review/c1?task=decide");
  await page.press(w.release);
  await page.until(() => expect(page.where()).toBe("/review"));
  expect(page.sent("POST /v1/claims/c1/release")).toEqual([{ round: 1, task: "decide" }]);
});

test("after a case the next one opens; when none is left the queue does", async () => {
  let next: unknown = { claim_id: "c2", task: "confirm", round: 1, lease_until: "2099-01-01T00:00:00Z" };
  const lease = (a: { body: unknown }) =>
    (a.body as { claim_id?: string }).claim_id ? desk()["POST /v1/reviews/lease"] : next;
  await open(
    { "POST /v1/reviews/lease": lease, "GET /v1/claims/c2": problem(404, "not_found") },
    "/review/c1?task=decide",
  );
  await page.press("done with decide");
  await page.until(() => expect(page.where()).toBe("/review/c2?task=confirm"));
  next = problem(404, "not_found", "没有了");
  await open({ "POST /v1/reviews/lease": lease }, "/review/c1?task=decide");
  await page.press("done with decide");
  await page.until(() => expect(page.where()).toBe("/review"));
});

test("a case that cannot be had says so and can be asked for again; the keys are shown on ?", async () => {
  let answer: unknown = problem(503, "busy", "服务繁忙");
  await open({ "GET /v1/claims/c1": () => answer });
  await page.shows("服务繁忙");
  answer = { claim, order, evidence: [], references: [], left: { lines: [] } };
  await page.press(/重试|再试/);
  await page.shows("128.50");
  await page.key("?");
  await page.until(() => expect(document.querySelector("dialog, [role=dialog]")).toBeTruthy());
  expect(reviewWords.zh.keys).toBeTruthy();
});
