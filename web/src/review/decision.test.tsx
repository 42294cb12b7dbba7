// @vitest-environment jsdom
import { type RefObject, useState } from "react";
import { beforeEach, expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { Library } from "@/ui/library";
import { type Desk, problem, staged } from "@/ui/staged";
import { outcomes, word } from "@/words/domain";
import { setLook } from "@/words/language";
import { caseWords } from "./case-words";
import { Ruling } from "./decision";
import { type Draft, emptyDraft } from "./ruling";

const page = staged();
const w = caseWords.zh;
beforeEach(() => setLook({ language: "zh" }));

const cny = (amount: number) => ({ amount, currency: "CNY" });
const claim = {
  id: "c1",
  version: 7,
  kind: "refund_only",
  reason: "damaged",
  ask: cny(12850),
  state: "review",
  round: 1,
};
const decision = "POST /v1/claims/c1/decision";
const codes = [
  { code: "shown", outcomes: ["granted", "partly"], text: { zh: "破损属实", en: "Damage shown" } },
  { code: "unshown", outcomes: ["refused"], text: { zh: "未见破损", en: "No damage seen" } },
];
const send: RefObject<(() => void) | undefined> = { current: undefined };
let done = 0;
let draft: Draft;

function Shown({ start, more }: { start: Partial<Draft>; more?: object }) {
  const [d, setDraft] = useState<Draft>({ ...emptyDraft, ...start });
  draft = d;
  const k = { claim: { ...claim, ...more }, order: {}, evidence: [] } as unknown as Case;
  return (
    <Library>
      <Ruling
        k={k}
        draft={d}
        onDraft={(c) => setDraft((before) => ({ ...before, ...c }))}
        findings={[]}
        send={send}
        onDone={() => done++}
      />
    </Library>
  );
}

const open = async (start: Partial<Draft>, more?: object, desk: Desk = {}) => {
  done = 0;
  await page.open(<Shown start={start} more={more} />, {
    "GET /v1/reason-codes": { items: codes },
    [decision]: {},
    ...desk,
  });
};
const choose = (o: string) => page.press(new RegExp(`^${word(outcomes, o, "zh")} `));

test("a grant is exactly what was asked for, to the version that was read", async () => {
  await open({});
  await choose("granted");
  expect(page.text()).toContain("128.50");
  expect(page.button(new RegExp(`^${w.send}`))).toHaveProperty("disabled", true);
  expect(page.text()).toContain(w.needCodes);
  await open({ outcome: "granted", codes: ["shown"], note: " for us " });
  await page.press(new RegExp(`^${w.send}`));
  await page.until(() => expect(done).toBe(1));
  expect(page.sent(decision)).toEqual([
    {
      outcome: "granted",
      remedy: { kind: "refund_only", amount: cny(12850) },
      reasons: ["shown"],
      note: "for us",
      findings: [],
    },
  ]);
  expect(page.asked.find((a) => a.what === decision)?.headers.get("If-Match")).toBe('"7"');
});

test("a refusal without words is not sent, by key neither, and the page says what is missing", async () => {
  await open({ outcome: "refused", codes: ["unshown"] });
  expect(page.text()).toContain(w.needText);
  send.current?.();
  expect(page.sent(decision)).toEqual([]);
  await page.type(w.text, "照片里没有破损");
  send.current?.();
  await page.until(() => expect(done).toBe(1));
  expect(page.sent(decision)).toMatchObject([{ outcome: "refused", text: "照片里没有破损" }]);
  expect(page.sent(decision)[0]).not.toHaveProperty("remedy");
});

test("an amount beyond what was asked for is marked before anything is sent", async () => {
  await open({ outcome: "partly", kind: "partial_refund", codes: ["shown"], amount: "128.51" });
  expect(page.field(w.amount).getAttribute("aria-invalid")).toBe("true");
  expect(page.button(new RegExp(`^${w.send}`))).toHaveProperty("disabled", true);
  await page.type(w.amount, "40");
  expect(page.field(w.amount).getAttribute("aria-invalid")).not.toBe("true");
  await page.press(new RegExp(`^${w.send}`));
  await page.until(() => expect(page.sent(decision)).toHaveLength(1));
  expect(page.sent(decision)).toMatchObject([{ remedy: { kind: "partial_refund", amount: cny(4000) } }]);
});

test("reasons that do not go with another outcome are dropped, those that do are kept", async () => {
  await open({ outcome: "granted", codes: ["shown"] });
  await page.until(() => expect(page.text()).toContain("破损属实"));
  await choose("partly");
  expect(draft).toMatchObject({ outcome: "partly", kind: "partial_refund", codes: ["shown"] });
  await choose("refused");
  expect(draft).toMatchObject({ outcome: "refused", kind: undefined, codes: [] });
});

test("what both sides will read is shown as it is written", async () => {
  await open({ outcome: "granted", codes: ["shown"], text: "同意退款" });
  await page.until(() => expect(document.querySelector(".preview")?.textContent).toContain("破损属实"));
  expect(document.querySelector(".preview")?.textContent).toMatch(/128\.50.*破损属实\n同意退款$/s);
});

test("from the amount that the terms name on, it is proposed to a second person", async () => {
  await open({ outcome: "granted", codes: ["shown"] }, { terms: { four_eyes: { CNY: 12850 } } });
  expect(page.there(new RegExp(`^${w.propose}`))).toBe(true);
  expect(page.text()).toContain(w.fourEyes);
  await open({ outcome: "granted", codes: ["shown"] }, { terms: { four_eyes: { CNY: 12851 } } });
  expect(page.there(new RegExp(`^${w.propose}`))).toBe(false);
});

test("a case that has changed keeps the draft and is not decided; another refusal is said", async () => {
  let answer: unknown = problem(412, "stale", "已被改动");
  await open({ outcome: "granted", codes: ["shown"], text: "同意退款" }, undefined, { [decision]: () => answer });
  await page.press(new RegExp(`^${w.send}`));
  await page.until(() => expect(page.sent(decision)).toHaveLength(1));
  expect(page.text()).not.toContain("已被改动");
  expect(draft.text).toBe("同意退款");
  answer = problem(403, "conflict", "与你有利害关系");
  await page.press(new RegExp(`^${w.send}`));
  await page.shows("与你有利害关系");
  expect(done).toBe(0);
});
