// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Claim, Decision } from "@/api/schema";
import { hasAll } from "./case";
import { failedWhy, remedyAbout, remedyState, remedyText, whatNext } from "./next";

const claim = (c: Partial<Claim>) => ({ state: "screening", decisions: [], clocks: [], ...c }) as Claim;
const having = (state: string, round = 1) => claim({ round, remedy: { state } as Claim["remedy"] });
const decided = (outcome: string) => claim({ state: "decided", decisions: [{ outcome } as Decision] });

const all: Claim[] = [
  claim({ state: "draft" }),
  claim({ state: "screening", stage: "filed" }),
  claim({ state: "screening", stage: "contested" }),
  ...["awaiting_merchant", "awaiting_buyer", "awaiting_reply", "review", "visit"].map((state) => claim({ state })),
  ...["granted", "partly", "refused", "settled", "lapsed"].map(decided),
  ...["settled", "decided", "silence", "lapsed", "withdrawn"].map((closing) => claim({ state: "closed", closing })),
];

test("every state says something to each side in each language, and no two sentences of a side are alike", () => {
  for (const side of ["buyer", "merchant"] as const)
    for (const language of ["zh", "en"] as const) {
      const said = all.map((c) => whatNext(c, side, language));
      for (const s of said) expect(s.title && s.text, JSON.stringify(s)).toBeTruthy();
      expect(new Set(said.map((s) => s.title + s.text)).size).toBe(said.length);
    }
});

test("who is waited for is told so, and nobody else", () => {
  const mine = (side: "buyer" | "merchant") => all.filter((c) => whatNext(c, side, "zh").mine).map((c) => c.state);
  expect(mine("buyer")).toEqual(["draft", "awaiting_buyer", "awaiting_reply"]);
  expect(mine("merchant")).toEqual(["awaiting_merchant"]);
});

test("the clock is the one of the state, not another that runs beside it", () => {
  const clocks = [
    { id: "1", kind: "review_due", due: "2026-11-02T00:00:00Z", set_at: "2026-11-01T00:00:00Z" },
    { id: "2", kind: "buyer_answer", due: "2026-11-03T00:00:00Z", set_at: "2026-11-01T00:00:00Z" },
  ];
  expect(whatNext(claim({ state: "awaiting_buyer", clocks }), "buyer", "zh").due).toBe("2026-11-03T00:00:00Z");
  expect(whatNext(claim({ state: "screening", clocks }), "buyer", "zh").due).toBeUndefined();
});

test("a state that this page does not know is shown by its name", () => {
  expect(whatNext(claim({ state: "frozen" }), "buyer", "en").title).toBe("frozen");
});

test("a remedy is told with what it gives and how far it has come", () => {
  expect(remedyText("partial_refund", "¥20.00", "zh")).toBe("退款 ¥20.00，不用退货");
  expect(remedyText("exchange", "¥0.00", "en")).toBe("an exchange");
  for (const s of ["held", "ordered", "done", "revoked"])
    for (const l of ["zh", "en"] as const) expect(remedyState(having(s), l)).not.toBe("");
});

test("a remedy that is held while an appeal runs does not wait for the window to pass", () => {
  expect(remedyState(having("held"), "zh")).toContain("申诉期过后");
  expect(remedyState(having("held", 2), "zh")).toBe("原结果已暂停执行，以复审结果为准");
  expect(remedyState(having("held", 2), "en")).toBe("the first outcome, on hold until the appeal is decided");
  expect(remedyState(having("ordered", 2), "en")).toBe(remedyState(having("ordered"), "en"));
});

test("a remedy that failed says who acts next; others need no word", () => {
  for (const side of ["buyer", "merchant"] as const)
    for (const l of ["zh", "en"] as const) {
      expect(remedyAbout("failed", side, l)).not.toBe("");
      expect(remedyAbout("ordered", side, l)).toBe("");
    }
});

test("who has all that was asked for is not offered an appeal", () => {
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const asked = { kind: "refund_only", ask: money(13400) };
  const ruled = (outcome: string, amount: number, more: Partial<Claim> = {}) =>
    claim({
      ...asked,
      state: "decided",
      decisions: [{ outcome, remedy: { kind: "refund_only", amount: money(amount) } } as Decision],
      ...more,
    });
  const cut = { remedy: { kind: "refund_only", amount: money(5000), wanted: money(13400) } };
  const both = (c: Claim) => [hasAll(c, "buyer"), hasAll(c, "merchant")];
  expect(both(ruled("granted", 13400))).toEqual([true, false]);
  expect(both(ruled("granted", 13400, cut))).toEqual([false, false]);
  expect(both(ruled("settled", 13400))).toEqual([true, false]);
  expect(both(ruled("settled", 5000))).toEqual([false, false]);
  expect(both(ruled("partly", 6700))).toEqual([false, false]);
  expect(both(ruled("refused", 0))).toEqual([false, true]);
  expect(both(ruled("lapsed", 0))).toEqual([false, true]);
});

test("why a remedy failed is told with the order that failed, not with a later one", () => {
  const failures = [{ no: 1, text: "银行退回：收款账户已注销", at: "2026-11-05T00:00:00Z" }];
  const now = (state: string, no: number) => claim({ failures, remedy: { state, no } as Claim["remedy"] });
  expect(failedWhy(now("failed", 1), "zh")).toBe("平台说明：银行退回：收款账户已注销");
  expect(failedWhy(now("failed", 1), "en")).toContain("The platform says: 银行退回");
  expect(failedWhy(now("ordered", 2), "zh")).toBe("");
  expect(failedWhy(now("failed", 2), "zh")).toBe("");
  expect(failedWhy(having("failed"), "en")).toBe("");
});
