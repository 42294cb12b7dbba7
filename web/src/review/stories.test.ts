// @vitest-environment jsdom
import { expect, test } from "vitest";
import type { Case } from "@/api/schema";
import { caseWords } from "./case-words";
import { inOne, type Told, together, toldBy } from "./stories";

const told = (who: Told["who"], title: string, at = "2026-11-25T02:00:00Z"): Told => ({ at, who, title, pictures: [] });

test("what the desk does several times in a row is one line; what people say never is", () => {
  const list = [
    told("desk", "examined", "1"),
    told("desk", "examined", "2"),
    told("desk", "asked"),
    told("buyer", "hello"),
    told("buyer", "hello"),
    told("desk", "examined"),
  ];
  const one = inOne(list);
  expect(one.map((t) => [t.who, t.title, t.times])).toEqual([
    ["desk", "examined", 2],
    ["desk", "asked", undefined],
    ["buyer", "hello", undefined],
    ["buyer", "hello", undefined],
    ["desk", "examined", undefined],
  ]);
  expect(one[0]?.at).toBe("2");
});

test("photos of one side within ten minutes stand together", () => {
  const at = (minute: number) => ({ received_at: new Date(minute * 60_000).toISOString() }) as never;
  expect(together([at(30), at(0), at(9), at(10)]).map((g) => g.length)).toEqual([2, 1, 1]);
});

test("an offer is told once, and an exchange names no money", () => {
  const at = "2026-11-25T02:00:00Z";
  const money = (amount: number) => ({ amount, currency: "CNY" });
  const told = (role: string, answers: object[]) =>
    toldBy(
      {
        claim: {
          kind: "refund_only",
          ask: money(3900),
          opened_at: "2026-11-24T02:00:00Z",
          answers,
          offer: { at, by: { role }, remedy: { kind: "exchange", amount: money(0) }, text: "换一件" },
        },
      } as unknown as Case,
      [{ at, by: role, kind: "claim.offered", text: { zh: "已向买家提出其他方案。", en: "" } }],
      caseWords.zh,
      (_, key) => key ?? "",
      (m) => `¥${m.amount}`,
    ).map((t) => [t.who, t.title]);
  const asked = ["buyer", "申请理由 · refund_only ¥3900"];
  expect(told("merchant", [{ kind: "offer", at, text: "换一件" }])).toEqual([
    asked,
    ["merchant", "提出方案 · exchange"],
  ]);
  expect(told("machine", [])).toEqual([asked, ["desk", "提出方案 · exchange"]]);
});

test("a reviewer reads what was written in its place among what both sides said", () => {
  const k = {
    claim: { kind: "refund_only", ask: { amount: 1, currency: "CNY" }, opened_at: "2026-11-24T02:00:00Z" },
    evidence: [
      { id: "e1", medium: "statement", purpose: "other", party: "buyer", received_at: "2026-11-25T02:00:00Z" },
    ],
  } as unknown as Case;
  const told = toldBy(
    k,
    [],
    caseWords.zh,
    () => "",
    () => "",
  );
  expect(told.map((t) => [t.who, t.statement?.id])).toEqual([
    ["buyer", undefined],
    ["buyer", "e1"],
  ]);
});
