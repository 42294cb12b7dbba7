// @vitest-environment jsdom
import { act } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { BulkInputBody, Queued } from "@/api/schema";
import { type Asked, type Desk, problem, staged } from "@/ui/staged";
import { setLook } from "@/words/language";
import BulkDialog from "./bulk";
import { bulkWords } from "./bulk-words";

const waiting: { ms: number; run: () => void; over: boolean }[] = [];
vi.mock("./later", () => ({
  later: (ms: number, run: () => void) => {
    const one = { ms, run, over: false };
    waiting.push(one);
    return {
      undo: () => {
        one.over = true;
        return true;
      },
      hurry: run,
    };
  },
}));

const page = staged();
const w = bulkWords.zh;
const closed: boolean[] = [];
beforeEach(() => {
  setLook({ language: "zh" });
  waiting.length = 0;
  closed.length = 0;
});

const item = (claim_id: string, amount: number) =>
  ({
    claim_id,
    task: "decide",
    kind: "refund_only",
    reason: "damaged",
    claim_amount: { amount, currency: "CNY" },
  }) as unknown as Queued;
const items = [item("c1-0000000000000", 1000), item("c2-0000000000000", 2000), item("c3-0000000000000", 3000)];
const bulk = "POST /v1/reviews/bulk";
/** the desk can do it for all but the last */
const answer = ({ body }: Asked) => ({
  items: (body as BulkInputBody).claim_ids?.map((claim_id) =>
    claim_id === items[2]?.claim_id
      ? { claim_id, ok: false, problem: { title: "x", detail: "已被他人领取" } }
      : { claim_id, ok: true, would: { state: "decided", outcome: "" } },
  ),
});
const open = (more: Desk = {}) =>
  page.open(<BulkDialog items={items} onClose={(done) => closed.push(done)} />, {
    "GET /v1/reason-codes": { items: [{ code: "unshown", outcomes: ["refused"], text: { zh: "未见破损", en: "x" } }] },
    [bulk]: answer,
    ...more,
  });
const dry = () => page.sent(bulk).map((b) => (b as { dry_run: boolean }).dry_run);

async function askAll() {
  await page.press(w.ask);
  await page.type(w.questionZh, "请补充照片");
  await page.press(w.rehearse);
  await page.until(() => expect(page.there(w.run(2))).toBe(true));
}

test("it is tried first: what would happen to each is shown, and only those that can be are done", async () => {
  await open();
  expect(page.there(w.run(3))).toBe(false);
  await askAll();
  expect(dry()).toEqual([true]);
  expect(page.text()).toContain("已被他人领取");
  await page.press(w.run(2));
  expect(dry()).toEqual([true]); // nothing has left before the time has run
  expect(waiting.map((x) => x.ms)).toEqual([8000]);
  await act(async () => waiting[0]?.run());
  await page.until(() => expect(closed).toEqual([true]));
  expect(page.sent(bulk)[1]).toEqual({
    claim_ids: items.slice(0, 2).map((i) => i.claim_id),
    action: "ask",
    ask: { to: "buyer", question: { zh: "请补充照片", en: "请补充照片" } },
    dry_run: false,
  });
});

test("taken back in time, nothing is sent and the dialog stays", async () => {
  await open();
  await askAll();
  await page.press(w.run(2));
  await page.press(w.undo);
  expect(waiting[0]?.over).toBe(true);
  expect(dry()).toEqual([true]);
  expect(closed).toEqual([]);
});

test("what was tried counts no more once something is changed", async () => {
  await open();
  await askAll();
  await page.type(w.questionZh, "请补充视频");
  expect(page.there(w.run(2))).toBe(false);
  expect(page.text()).toContain(w.nothingYet);
});

test("a refusal needs reasons and words before it can even be tried", async () => {
  await open();
  expect(page.button(w.rehearse)).toHaveProperty("disabled", true);
  await page.type(w.text, "照片里没有破损");
  expect(page.button(w.rehearse)).toHaveProperty("disabled", true);
});

test("what the desk refuses altogether is said, and nothing can be run", async () => {
  await open({ [bulk]: problem(503, "busy", "服务繁忙") });
  await page.press(w.visit);
  await page.press(w.rehearse);
  await page.shows("服务繁忙");
  expect(page.there(/^执行 \d/)).toBe(false);
});
