// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { Library } from "@/ui/library";
import { type Desk, staged } from "@/ui/staged";
import { outcomes, word } from "@/words/domain";
import { setLook } from "@/words/language";
import { caseWords } from "./case-words";
import { Ask, Proposal, Reread } from "./moves";

const page = staged();
const w = caseWords.zh;
beforeEach(() => {
  setLook({ language: "zh" });
  done = 0;
});

let done = 0;
const onDone = () => done++;
const ask = { amount: 5000, currency: "CNY" };
const k = (more: object = {}) =>
  ({
    claim: { id: "c1", version: 4, kind: "refund_only", ask, state: "review", ...more },
    evidence: [],
  }) as unknown as Case;
const open = (what: React.ReactNode, desk: Desk = {}) =>
  page.open(<Library>{what}</Library>, {
    "GET /v1/me": { id: "u1", kind: "session", roles: ["reviewer"] },
    "GET /v1/reason-codes": { items: [] },
    ...desk,
  });
const tag = (what: string) => page.asked.find((a) => a.what === what)?.headers.get("If-Match");

test("a question in Chinese alone stands in both languages, and goes to whom it is for", async () => {
  await open(<Ask k={k()} onDone={onDone} />, { "POST /v1/claims/c1/ask": {} });
  await page.press(`${w.ask} · ${w.visit}`);
  expect(page.button(w.askSend)).toHaveProperty("disabled", true);
  await page.type(w.question, " 有开箱视频吗？ ");
  await page.press(w.askMerchant);
  await page.press(w.askSend);
  await page.until(() => expect(done).toBe(1));
  expect(page.sent("POST /v1/claims/c1/ask")).toEqual([
    { to: "merchant", question: { zh: "有开箱视频吗？", en: "有开箱视频吗？" } },
  ]);
  expect(tag("POST /v1/claims/c1/ask")).toBe('"4"');
});

test("a proposal is confirmed as it is, or returned with a note and never without one", async () => {
  const proposal = {
    outcome: "partly",
    remedy: { kind: "partial_refund", amount: { amount: 2000, currency: "CNY" } },
    text: "退一部分",
    by: { id: "u2", role: "reviewer", name: "林" },
    at: "2026-11-24T02:00:00Z",
    reasons: [],
  };
  const desk = { "POST /v1/claims/c1/confirm": {}, "POST /v1/claims/c1/return": {} };
  await open(<Proposal k={k({ proposal })} onDone={onDone} />, desk);
  expect(page.text()).toContain("20.00");
  expect(page.text()).toContain("退一部分");
  expect(page.button(w.giveBack)).toHaveProperty("disabled", true);
  await page.type(w.giveBackNote, "  ");
  expect(page.button(w.giveBack)).toHaveProperty("disabled", true);
  await page.type(w.giveBackNote, "金额应再看");
  await page.press(w.giveBack);
  await page.until(() => expect(done).toBe(1));
  expect(page.sent("POST /v1/claims/c1/return")).toEqual([{ note: "金额应再看" }]);
  await page.press(w.confirm);
  await page.until(() => expect(done).toBe(2));
  expect(tag("POST /v1/claims/c1/confirm")).toBe('"4"');
});

test("a second reading is an outcome alone, and none before one is chosen", async () => {
  await open(<Reread k={k({ state: "closed" })} onDone={onDone} />, { "POST /v1/claims/c1/reread": {} });
  expect(page.button(w.rereadSend)).toHaveProperty("disabled", true);
  await page.press(word(outcomes, "refused", "zh"));
  await page.press(w.rereadSend);
  await page.until(() => expect(done).toBe(1));
  expect(page.sent("POST /v1/claims/c1/reread")).toEqual([{ outcome: "refused" }]);
});
