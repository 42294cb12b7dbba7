import type { Words } from "@/words/language";

/** What the dialog that acts on several cases says. */
export const bulkWords: Words<{
  title: (n: number) => string;
  action: string;
  refuse: string;
  grant: string;
  ask: string;
  visit: string;
  confirm: string;
  reasonCodes: string;
  text: string;
  textHint: string;
  to: string;
  buyer: string;
  merchant: string;
  questionZh: string;
  questionEn: string;
  rehearse: string;
  rehearsed: (ok: number, all: number) => string;
  run: (n: number) => string;
  columns: { id: string; what: string; after: string };
  proposal: string;
  waiting: (n: number, s: number) => string;
  undo: string;
  undone: string;
  done: (ok: number, all: number) => string;
  cancel: string;
  nothingYet: string;
}> = {
  zh: {
    title: (n) => `批量处理 ${n} 件`,
    action: "要做什么",
    refuse: "驳回",
    grant: "支持",
    ask: "提问",
    visit: "安排上门",
    confirm: "确认裁决",
    reasonCodes: "理由",
    text: "写给双方的说明",
    textHint: "驳回必须写明；双方都会看到。",
    to: "问谁",
    buyer: "买家",
    merchant: "商家",
    questionZh: "问题（中文）",
    questionEn: "问题（英文，可选）",
    rehearse: "先试算",
    rehearsed: (ok, all) => `${all} 件中 ${ok} 件可以执行。此时尚未改动任何案件。`,
    run: (n) => `执行 ${n} 件`,
    columns: { id: "申请", what: "诉求与原因", after: "执行后" },
    proposal: "待第二人复核",
    waiting: (n, s) => `${s} 秒后对 ${n} 件执行`,
    undo: "撤销",
    undone: "已撤销，没有改动任何案件",
    done: (ok, all) => `已处理 ${ok} / ${all} 件`,
    cancel: "取消",
    nothingYet: "先试算一遍，看每一件会怎样，再决定是否执行。",
  },
  en: {
    title: (n) => `Act on ${n} ${n === 1 ? "case" : "cases"}`,
    action: "What to do",
    refuse: "Refuse",
    grant: "Grant",
    ask: "Ask",
    visit: "Send for a visit",
    confirm: "Confirm",
    reasonCodes: "Reasons",
    text: "Words for both sides",
    textHint: "A refusal needs them; both sides read them.",
    to: "Whom",
    buyer: "Buyer",
    merchant: "Merchant",
    questionZh: "Question in Chinese",
    questionEn: "Question in English (optional)",
    rehearse: "Try it first",
    rehearsed: (ok, all) => `${ok} of ${all} can be done. Nothing has been changed yet.`,
    run: (n) => `Do it for ${n}`,
    columns: { id: "Claim", what: "Asks for, because", after: "Afterwards" },
    proposal: "waits for a second person",
    waiting: (n, s) => `${n} ${n === 1 ? "case" : "cases"} in ${s} s`,
    undo: "Undo",
    undone: "Undone; nothing was changed",
    done: (ok, all) => `${ok} of ${all} done`,
    cancel: "Cancel",
    nothingYet: "Try it first: you see case by case what would happen, and decide then.",
  },
};
