import { actions, kinds, reasons } from "@/words/domain";
import type { Language } from "@/words/language";

/** Term is one word that rules know; policy/facts.go has the list, vocabulary.test.ts holds the two together. */
export interface Term {
  name: string;
  zh: string;
  en: string;
  /** type as conditions see it. */
  type?: string;
}

const term = (name: string, type: string, zh: string, en: string): Term => ({ name, type, zh, en });

/** fields are what conditions can read, by subject. */
export const fields: Record<string, Term[]> = {
  claim: [
    term("id", "string", "申请编号", "the claim's id"),
    term("kind", "string", "买家要求的处理方式", "what the buyer asks for"),
    term("reason", "string", "申请原因", "why"),
    term("amount", "money", "申请金额，与某个限额比较", "how much is asked for; compare it with an amount"),
    term("currency", "string", '币种，如 "CNY"', 'its currency, such as "CNY"'),
    term("categories", "list", "平台对商品的分类", "the platform's words for the goods"),
    term(
      "age_hours",
      "int",
      "签收到申请的小时数；未签收为 -1",
      "hours from delivery to filing; -1 where not delivered",
    ),
    term("share", "double", "申请金额占订单金额的比例", "part of the order's value that is asked for, 0.0 to 1.0"),
    term("photos", "int", "买家提交的照片数", "photos the buyer sent"),
    term("videos", "int", "买家提交的视频数", "videos the buyer sent"),
    term("missing", "list", "尚缺的必需证据", "required evidence that is not there"),
    term("asked", "int", "已请买家补充的次数", "how often the buyer was asked already"),
    term("round", "int", "第几轮；申诉后为 2", "1, and 2 after an appeal"),
  ],
  order: [
    term("total", "money", "订单实付金额", "what was paid for the order"),
    term("delivered", "bool", "是否已签收", "whether it was delivered"),
    term("packed", "int", "随订单留存的打包照片和视频数", "packing photos and videos kept with the order"),
  ],
  merchant: [
    term("id", "string", "商家编号", "the merchant's id"),
    term("consent", "bool", "商家事先的同意是否涵盖这一申请", "whether standing consent covers this claim"),
    term("answer", "string", '商家的答复；尚未答复为 ""', 'what the merchant said; "" where nothing yet'),
    term("packing", "int", "商家答复所附的图片数", "pictures the merchant answered with"),
    term("recent", "int", "该店近 30 天的售后申请数", "claims against the shop in 30 days"),
  ],
  buyer: [
    term("orders", "int", "近 365 天的订单数", "orders in 365 days"),
    term("claims", "int", "近 90 天的其他售后申请数", "other claims in 90 days"),
    term("refunds", "int", "其中获准仅退款的次数", "of those, refunds without return granted"),
    term(
      "confirmed",
      "int",
      "近 365 天经人工认定不实的申请数",
      "claims in 365 days that a person refused as not genuine",
    ),
  ],
};

/** variables stand alone in conditions; words are what they are compared with. */
export const variables: Term[] = [
  term("claim", "", "售后申请", "the claim"),
  term("order", "", "订单", "the order"),
  term("merchant", "", "商家", "the merchant"),
  term("buyer", "", "买家（看不到是谁）", "the buyer, never who it is"),
  term("findings", "list", "鉴定发现", "what was found"),
  term("stage", "string", "所处阶段", "the stage"),
  term("against", "strength", "最强的不利发现", "the strongest finding against"),
  term("for_", "strength", "最强的有利发现", "the strongest finding for"),
  term("amounts", "", "本文中的限额", "the limits this text names"),
  term("lists", "", "本文中的列表", "the lists this text names"),
  term("note", "strength", "备注", "note"),
  term("weak", "strength", "较弱", "weak"),
  term("strong", "strength", "有力", "strong"),
  term("conclusive", "strength", "确凿", "conclusive"),
];

/** Call is a function with the text that completing it writes; #{} are its holes. */
export const calls: (Term & { snippet: string })[] = [
  {
    ...term("any_finding", "bool", "有不低于该强度的发现", "a finding of at least that strength"),
    snippet: 'any_finding("#{code}", "#{strong}")',
  },
  { ...term("money", "limit", "写明的限额", "an amount written out"), snippet: 'money("#{50.00}", "#{CNY}")' },
  {
    ...term("within", "bool", "非空且全部在列表中", "not empty and all in the list"),
    snippet: "within(lists.#{name})",
  },
  { ...term("size", "int", "个数", "how many"), snippet: "size()" },
  { ...term("exists", "bool", "其中有一个满足", "one of them is so"), snippet: "exists(#{x}, #{x})" },
];

export const codes = [
  "reference.same_capture",
  "reference.shared_graphics",
  "reference.side_by_side",
  "reuse.same_capture",
  "provenance.c2pa_ai",
  "provenance.c2pa_invalid",
  "provenance.c2pa_camera",
  "provenance.aigc_label",
  "provenance.generator_trace",
  "provenance.ai_watermark",
  "metadata.inconsistent",
  "trace.foreign_grid",
  "trace.compressed_once",
  "trace.copy_move",
  "trace.model_size",
  "capture.live",
  "angle.consistent",
  "angle.inconsistent",
  "angle.unseen",
];

const table = (of: Record<string, { zh: string; en: string }>): Term[] =>
  Object.entries(of).map(([name, t]) => ({ name, ...t }));

export const actionTerms = table(actions);
export const kindTerms = table(kinds);
export const reasonTerms = table(reasons);

export const stageTerms: Term[] = [
  { name: "filed", zh: "已提交", en: "filed" },
  { name: "contested", zh: "商家有异议", en: "the merchant contests" },
  { name: "supplemented", zh: "买家已补充", en: "the buyer added to it" },
  { name: "declined", zh: "买家未接受方案", en: "the buyer declined the offer" },
  { name: "merchant_silent", zh: "商家逾期", en: "the merchant stayed silent" },
  { name: "buyer_silent", zh: "买家逾期", en: "the buyer stayed silent" },
];

/** keys are the words at the beginning of a line: at the margin, in a rule, among the terms, in a test. */
export const keys: Record<"top" | "rule" | "term" | "test", Term[]> = {
  top: [
    { name: "name", zh: "规则名称", en: "the rules' name" },
    { name: "notes", zh: "公开说明，中英文", en: "what everybody may read, in both languages" },
    { name: "terms", zh: "时限与复核", en: "windows and second looks" },
    { name: "amounts", zh: "限额", en: "named limits" },
    { name: "lists", zh: "列表", en: "named lists" },
    { name: "rules", zh: "规则，自上而下", en: "rules, the first that holds is taken" },
    { name: "otherwise", zh: "没有规则接手时", en: "what happens where no rule takes a claim" },
    { name: "tests", zh: "规则的测试", en: "the rules' own tests" },
  ],
  rule: [
    { name: "name", zh: "规则名称", en: "the rule's name" },
    { name: "about", zh: "适用对象，双方可见", en: "whom it takes; both sides read it" },
    { name: "at", zh: "适用阶段", en: "at which stages" },
    { name: "when", zh: "条件（CEL）", en: "its condition, in CEL" },
    { name: "then", zh: "动作", en: "what happens" },
    { name: "ask", zh: "向对方提的问题", en: "what is asked" },
    { name: "why", zh: "理由，双方可见", en: "why; both sides read it" },
    { name: "window", zh: "答复时限", en: "time to answer, instead of the terms'" },
    { name: "stakes", zh: "队列优先级 0–3", en: "place in the queue, 0 to 3" },
    { name: "note", zh: "仅审核员可见，中英文", en: "for reviewers alone, in both languages" },
  ],
  term: [
    { name: "merchant_window", zh: "商家答复时限", en: "the merchant's time to answer" },
    { name: "buyer_window", zh: "买家补充时限", en: "the buyer's time to answer" },
    { name: "offer_window", zh: "回应方案的时限", en: "time to reply to an offer" },
    { name: "review_window", zh: "人工审核时限", en: "time for a person to decide" },
    { name: "visit_window", zh: "上门时限", en: "time for a visit" },
    { name: "appeal_window", zh: "申诉期", en: "time to appeal" },
    { name: "four_eyes", zh: "双人复核起点", en: "two people from here" },
    { name: "hold_from", zh: "等申诉期结束再付款的起点", en: "money waits for the appeal from here" },
    { name: "video_from", zh: "需要视频的起点", en: "a video from here" },
    { name: "second_reading", zh: "盲审比例", en: "share that is read again, blind" },
  ],
  test: [
    { name: "name", zh: "测试名称", en: "the test's name" },
    { name: "facts", zh: "与普通申请不同之处", en: "what is unlike an ordinary claim" },
    { name: "expect", zh: "预期的规则和动作", en: "the rule and action expected" },
  ],
};

/** wordOf is a term's meaning in the reader's language. */
export const wordOf = (t: Term, l: Language) => t[l];
