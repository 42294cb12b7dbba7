// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { beforeEach, expect, test, vi } from "vitest";
import type { Case } from "@/api/schema";
import { caseOf } from "@/claim/made-up";
import { type Asked, type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import type { Ordered } from "./filing";
import { Filing } from "./flow";
import { filingWords } from "./words";

const page = staged();
const w = filingWords.zh;
beforeEach(() => setLook({ language: "zh" }));

const cny = (amount: number) => ({ amount, currency: "CNY" });
/** one is an order of one cup: there is nothing to choose of the goods. */
const one: Ordered = {
  id: "o1",
  merchant_id: "m1",
  buyer_id: "b1",
  lines: [{ id: "1", title: "杯子", quantity: 1, price: cny(3990) }],
  total: cny(3990),
  placed_at: "2026-11-01T00:00:00Z",
  left: {
    amount: cny(3990),
    paid: cny(3990),
    lines: [{ line_id: "1", units: 1, quantity: 1, paid: cny(3990), amount: cny(3990) }],
  },
};
const whole = { purpose: "whole", medium: "photo", text: { zh: "拍下商品全貌", en: "The whole article" } };
const draftOf = (more: object = {}) =>
  caseOf({
    claim: {
      id: "c1",
      state: "draft",
      version: 2,
      line_ids: ["1"],
      units: { "1": 1 },
      reason: "damaged",
      kind: "return_refund",
      ask: cny(3990),
      evidence: [{ party: "buyer", purpose: "whole", medium: "photo", at: "2026-11-24T00:00:00Z" }],
      ...more,
    },
  });

/** Shown is as the page has it: the draft once there is one. */
function Shown({ draft }: { draft?: Case }) {
  const kept = useQuery<Case | null>({ queryKey: ["claim", "c1", "case"], enabled: false, initialData: draft ?? null });
  return <Filing order={one} draft={kept.data ?? undefined} />;
}
const open = (draft: Case | undefined, desk: Desk = {}, to = "/my/file/o1") => {
  let now = draft ?? draftOf();
  return page.open(
    <Shown draft={draft} />,
    {
      "GET /v1/requirements": { items: [whole] },
      "GET /v1/claims/c1": () => now,
      "POST /v1/claims": ({ body }: Asked) => {
        now = draftOf({ ...(body as object), version: 1, evidence: [] });
        return { claim: now.claim };
      },
      "PUT /v1/claims/c1/draft": ({ body }: Asked) => {
        now = draftOf({ ...(body as object), version: now.claim.version + 1 });
        return now.claim;
      },
      "POST /v1/claims/c1/submit": {},
      ...desk,
    },
    { to, path: "/my/file/:id" },
  );
};
const step = () => document.querySelector("h1")?.textContent;
const choose = (title: string) => page.press(new RegExp(`^${title}`));

test("without a reason one does not go on, and is told to choose; nothing has reached the desk", async () => {
  await open(undefined);
  expect(step()).toBe(w.reason);
  await page.press(w.next);
  expect(step()).toBe(w.reason);
  expect(page.text()).toContain(w.choose);
  await choose(w.reasons.damaged[0]);
  expect(page.text()).not.toContain(w.choose);
  await page.press(w.next);
  await page.until(() => expect(step()).toBe(w.kind));
  expect(page.asked.filter((a) => !a.what.startsWith("GET"))).toEqual([]);
});

test("what was chosen is kept as a draft once it can be, and changed rather than filed anew", async () => {
  await open(undefined);
  await choose(w.reasons.damaged[0]);
  await page.press(w.next);
  await choose(w.kinds.refund_only[0]);
  await page.press(w.next);
  await page.until(() => expect(step()).toBe(w.evidence));
  expect(page.sent("POST /v1/claims")).toEqual([
    { order_id: "o1", line_ids: ["1"], units: { "1": 1 }, kind: "refund_only", reason: "damaged", ask: cny(3990) },
  ]);
  await page.press(w.back);
  await choose(w.kinds.exchange[0]);
  await page.press(w.next);
  await page.until(() => expect(page.sent("PUT /v1/claims/c1/draft")).toMatchObject([{ kind: "exchange" }]));
  expect(page.sent("POST /v1/claims")).toHaveLength(1);
  expect(page.asked.find((a) => a.what.startsWith("PUT"))?.headers.get("If-Match")).toBe('"1"');
});

test("an amount that is too much stands wrong at its field and is not sent", async () => {
  await open(undefined);
  await choose(w.reasons.damaged[0]);
  await page.press(w.next);
  await choose(w.kinds.partial_refund[0]);
  await page.type(w.amount, "39.90"); // all of it is no part
  await page.press(w.next);
  expect(step()).toBe(w.kind);
  expect(document.querySelector(".wrong")?.textContent).toContain("39.90");
  await page.type(w.amount, "10");
  await page.press(w.next);
  await page.until(() => expect(page.sent("POST /v1/claims")).toMatchObject([{ ask: cny(1000) }]));
});

test("another reason takes away what it makes no sense to ask for", async () => {
  await open(undefined);
  await choose(w.reasons.damaged[0]);
  await page.press(w.next);
  await choose(w.kinds.repair[0]);
  await page.press(w.back);
  await choose(w.reasons.not_received[0]);
  await page.press(w.next);
  expect(document.querySelectorAll("input[type=radio]:checked")).toHaveLength(0);
  expect(page.there(new RegExp(`^${w.kinds.repair[0]}`))).toBe(false);
  await page.press(w.next);
  expect(step()).toBe(w.kind); // what cannot be seen any more is not asked for either
  expect(page.asked.filter((a) => a.what.startsWith("POST"))).toEqual([]);
});

test("a draft is taken up where it was left, and sent once nothing is missing", async () => {
  await open(draftOf());
  await page.until(() => expect(step()).toBe(w.check));
  await page.press(w.send);
  await page.until(() => expect(page.where()).toBe("/claims/c1"));
  expect(page.sent("POST /v1/claims/c1/submit")).toHaveLength(1);
  expect(page.sent("PUT /v1/claims/c1/draft")).toEqual([]); // nothing had changed
});

test("a draft without its photo opens there; from the last page one is led back to it", async () => {
  await open(draftOf({ evidence: [] }));
  await page.until(() => expect(step()).toBe(w.evidence));
  expect(page.text()).toContain("拍下商品全貌");
  await open(draftOf({ evidence: [] }), {}, "/my/file/o1?step=check");
  await page.until(() => expect(page.there(w.toMissing)).toBe(true));
  expect(page.there(w.send)).toBe(false);
  await page.press(w.toMissing);
  expect(step()).toBe(w.evidence);
});

test("what cannot be kept is said, and what was written stays", async () => {
  await open(draftOf(), { "PUT /v1/claims/c1/draft": problem(503, "busy", "服务繁忙") }, "/my/file/o1?step=words");
  await page.type(w.wordsLabel, "杯口有裂纹");
  await page.press(w.next);
  await page.shows("服务繁忙");
  expect(step()).toBe(w.words);
  expect(page.field(w.wordsLabel).value).toBe("杯口有裂纹");
});

test("words are kept as soon as their field is left, one write after the other", async () => {
  await open(draftOf(), {}, "/my/file/o1?step=words");
  await page.type(w.wordsLabel, "杯口有裂纹");
  page.field(w.wordsLabel).dispatchEvent(new FocusEvent("focusout", { bubbles: true }));
  await page.until(() => expect(page.sent("PUT /v1/claims/c1/draft")).toMatchObject([{ story: "杯口有裂纹" }]));
});

test("a draft is thrown away only after one has said yes", async () => {
  const sure = vi.spyOn(window, "confirm").mockReturnValueOnce(false).mockReturnValueOnce(true);
  await open(draftOf(), { "POST /v1/claims/c1/withdraw": {} });
  await page.press(w.discard);
  expect(page.sent("POST /v1/claims/c1/withdraw")).toEqual([]);
  await page.press(w.discard);
  await page.until(() => expect(page.where()).toBe("/"));
  sure.mockRestore();
});
