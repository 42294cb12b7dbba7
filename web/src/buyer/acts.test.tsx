// @vitest-environment jsdom
import { useQuery } from "@tanstack/react-query";
import { beforeEach, expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { caseOf } from "@/claim/made-up";
import { type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import { actWords } from "./act-words";
import { BuyerActs, OtherActs } from "./acts";

const page = staged();
const w = actWords.zh;
beforeEach(() => setLook({ language: "zh" }));

function Shown({ of }: { of: Case }) {
  const { data } = useQuery({ queryKey: ["claim", "c1", "case"], enabled: false, initialData: of });
  return (
    <>
      <BuyerActs of={data} />
      <OtherActs of={data} />
    </>
  );
}
const open = (claim: object, desk: Desk = {}) =>
  page.open(<Shown of={caseOf({ claim })} />, { "GET /v1/claims/c1": caseOf({ claim }), ...desk });
const cny = (amount: number) => ({ amount, currency: "CNY" });
const offered = {
  state: "awaiting_reply",
  offer: { remedy: { kind: "partial_refund", amount: cny(1500) }, at: "2026-11-24T03:00:00Z", text: "表示歉意" },
};
const given = (outcome: string, amount = 3990) => ({
  state: "decided",
  decisions: [{ outcome, remedy: { kind: "return_refund", amount: cny(amount) }, at: "2026-11-25T00:00:00Z" }],
});

test.each([
  ["draft", [], [w.accept, w.appeal, w.withdraw]],
  ["review", [w.withdraw], [w.accept, w.appeal]],
  ["closed", [], [w.withdraw, w.appeal, w.accept]],
])("in state %s a buyer is offered what the table of moves knows, and nothing else", async (state, there, gone) => {
  await open({ state });
  for (const name of there) expect(page.there(name), name).toBe(true);
  for (const name of gone) expect(page.there(name), name).toBe(false);
});

test("an offer is taken only after its end has been said once more", async () => {
  await open(offered, { "POST /v1/claims/c1/offer/accept": {} });
  expect(page.text()).toContain("15.00");
  expect(page.text()).toContain("表示歉意");
  await page.press(w.accept);
  expect(page.sent("POST /v1/claims/c1/offer/accept")).toHaveLength(0);
  await page.press(w.accept);
  await page.until(() => expect(page.asked.some((a) => a.what.endsWith("/offer/accept"))).toBe(true));
  expect(page.asked.find((a) => a.what.endsWith("/offer/accept"))?.headers.get("If-Match")).toBe('"3"');
});

test("an offer is declined at once, and what the desk refuses is said", async () => {
  await open(offered, { "POST /v1/claims/c1/offer/decline": problem(409, "not_now", "方案已过期") });
  await page.press(w.decline);
  await page.shows("方案已过期");
});

test("an answer needs words or a picture that came after the question", async () => {
  const asked = [{ to: "buyer", at: "2026-11-24T03:00:00Z", text: { zh: "请补充", en: "x" } }];
  const supplement = "POST /v1/claims/c1/supplement";
  const before = [{ party: "buyer", at: "2026-11-24T02:00:00Z" }];
  await open({ state: "awaiting_buyer", asked, evidence: before }, { [supplement]: {} });
  await page.press(w.send);
  expect(page.text()).toContain(w.needSomething);
  expect(page.sent(supplement)).toEqual([]);
  await page.type(w.answerLabel, " 裂纹在杯口 ");
  await page.press(w.send);
  await page.until(() => expect(page.sent(supplement)).toEqual([{ text: "裂纹在杯口" }]));
  const after = [{ party: "buyer", at: "2026-11-24T04:00:00Z" }];
  await open({ state: "awaiting_buyer", asked, evidence: after }, { [supplement]: {} });
  await page.press(w.send);
  await page.until(() => expect(page.sent(supplement)).toHaveLength(2));
});

test("an appeal is offered for less than was asked, and not where all was given", async () => {
  await open(given("granted"));
  expect(page.there(w.appeal)).toBe(false);
  const appeal = "POST /v1/claims/c1/appeal";
  await open(given("partly", 1000), { [appeal]: {} });
  await page.press(w.appeal);
  await page.press(w.appeal); // without words
  expect(page.text()).toContain(w.appealNeed);
  expect(page.sent(appeal)).toEqual([]);
  await page.type(w.appealLabel, "裂纹不是我造成的");
  await page.press(w.appeal);
  await page.until(() => expect(page.sent(appeal)).toEqual([{ text: "裂纹不是我造成的" }]));
});

test("photos being examined raise the version without asking the person anew; another offer does not", async () => {
  const take = "POST /v1/claims/c1/offer/accept";
  let stale = true;
  let now: object = { ...offered, version: 4 };
  const accept = () => {
    const answer = stale ? problem(412, "stale", "已有变化") : {};
    stale = false;
    return answer;
  };
  await open(offered, { [take]: accept, "GET /v1/claims/c1": () => caseOf({ claim: now }) });
  await page.press(w.accept);
  await page.press(w.accept);
  await page.until(() => expect(page.asked.filter((a) => a.what === take)).toHaveLength(2));
  expect(page.asked.filter((a) => a.what === take).map((a) => a.headers.get("If-Match"))).toEqual(['"3"', '"4"']);
  stale = true;
  now = { ...offered, version: 5, offer: { ...offered.offer, at: "2026-11-25T09:00:00Z" } };
  await open(offered, { [take]: accept, "GET /v1/claims/c1": () => caseOf({ claim: now }) });
  const before = page.asked.filter((a) => a.what === take).length;
  await page.press(w.accept);
  await page.press(w.accept);
  await page.shows("已有变化");
  expect(page.asked.filter((a) => a.what === take)).toHaveLength(before + 1);
});

test("a claim is withdrawn only after what follows has been said", async () => {
  await open({ state: "review" }, { "POST /v1/claims/c1/withdraw": {} });
  await page.press(w.withdraw);
  expect(page.text()).toContain(w.withdrawSure);
  expect(page.asked.some((a) => a.what.endsWith("/withdraw"))).toBe(false);
  await page.press("再想想");
  expect(page.text()).not.toContain(w.withdrawSure);
});
