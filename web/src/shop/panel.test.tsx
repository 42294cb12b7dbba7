// @vitest-environment jsdom
import { beforeEach, expect, test } from "vitest";
import { caseOf } from "@/claim/made-up";
import { type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import { dropDraft } from "./answer";
import { AnswerPanel } from "./panel";
import { answerWords } from "./words";

const page = staged();
const w = answerWords.zh;
beforeEach(() => {
  setLook({ language: "zh" });
  dropDraft("c1");
});

const open = (claim: object = {}, desk: Desk = {}) => {
  const of = caseOf({ claim: { state: "awaiting_merchant", ...claim } });
  return page.open(<AnswerPanel of={of} />, {
    "GET /v1/claims/c1": of,
    "POST /v1/claims/c1/accept": {},
    "POST /v1/claims/c1/offer": {},
    "POST /v1/claims/c1/contest": {},
    ...desk,
  });
};
const choose = (title: string) => page.press(new RegExp(`^${title}`));

test("nothing is sent before an answer is chosen", async () => {
  await open();
  await page.press(w.sendAny);
  expect(page.text()).toContain(w.choose);
  expect(page.asked.filter((a) => a.what.startsWith("POST"))).toEqual([]);
});

test("a yes says what it costs and is sent to the version that was read", async () => {
  await open();
  await choose(w.accept);
  expect(page.text()).toContain("39.90");
  await page.press(w.send);
  await page.until(() => expect(page.sent("POST /v1/claims/c1/accept")).toEqual([{ text: "" }]));
  expect(page.asked.find((a) => a.what.endsWith("/accept"))?.headers.get("If-Match")).toBe('"3"');
});

test("an offer of nothing, or of all and more, is not sent; one within what was asked is", async () => {
  await open();
  await choose(w.offer);
  for (const amount of ["0", "39.90", "40"]) {
    await page.type(w.amount, amount);
    await page.press(w.sendOffer);
    expect(page.sent("POST /v1/claims/c1/offer"), amount).toEqual([]);
  }
  await page.type(w.amount, "15");
  await page.press(w.sendOffer);
  await page.until(() =>
    expect(page.sent("POST /v1/claims/c1/offer")).toEqual([
      { remedy: { kind: "partial_refund", amount: { amount: 1500, currency: "CNY" } }, text: "" },
    ]),
  );
});

test("a no needs words, or a picture of the shop's own", async () => {
  await open();
  await choose(w.contest);
  await page.press(w.sendContest);
  expect(page.text()).toContain(w.contestNeed);
  expect(page.sent("POST /v1/claims/c1/contest")).toEqual([]);
  dropDraft("c1");
  await open({ evidence: [{ party: "merchant", purpose: "packing", medium: "photo", at: "2026-11-24T03:00:00Z" }] });
  await choose(w.contest);
  await page.press(w.sendContest);
  await page.until(() => expect(page.sent("POST /v1/claims/c1/contest")).toEqual([{ text: "" }]));
});

test("what was written stays while one looks elsewhere, and goes once it is sent", async () => {
  await open();
  await choose(w.contest);
  await page.type(w.contestText, "发货前拍过照");
  await open();
  expect(page.field(w.contestText).value).toBe("发货前拍过照");
  await page.press(w.sendContest);
  await page.until(() => expect(page.sent("POST /v1/claims/c1/contest")).toHaveLength(1));
  await open();
  expect(page.there(w.contestText)).toBe(false);
});

test("what the desk refuses is said and loses nothing", async () => {
  await open({}, { "POST /v1/claims/c1/contest": problem(409, "too_late", "已过时限") });
  await choose(w.contest);
  await page.type(w.contestText, "发货前拍过照");
  await page.press(w.sendContest);
  await page.shows("已过时限");
  expect(page.field(w.contestText).value).toBe("发货前拍过照");
});
