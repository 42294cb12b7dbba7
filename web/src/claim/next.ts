import { lastOf } from "@/api/lists";
import type { Claim } from "@/api/schema";
import type { Side } from "@/words/codes";
import { states, word } from "@/words/domain";
import type { Language } from "@/words/language";
import { clockOf } from "./case";

/** Next says in two sentences where a claim stands and who has to do something until when. */
export interface Next {
  title: string;
  text: string;
  /** mine: the reader is the one who is waited for. */
  mine: boolean;
  due?: string;
}

type Sentence = [title: string, text: string];
type Table = Record<string, Record<Side, Sentence>>;

const zh: Table = {
  draft: {
    buyer: ["草稿还没有提交", "补齐后提交，商家和平台才能看到。"],
    merchant: ["买家正在填写", "提交后会请你答复。"],
  },
  examining: {
    buyer: ["正在检测照片", "通常一两分钟就好。之后按规则流转，有进展这里会自动更新。"],
    merchant: ["正在检测买家的照片", "检测完成后，需要你答复时会开始计时。"],
  },
  screening: {
    buyer: ["正在处理最新情况", "很快会有下一步，这里会自动更新。"],
    merchant: ["正在处理最新情况", "很快会有下一步，这里会自动更新。"],
  },
  awaiting_merchant: {
    buyer: ["等商家答复", "现在不用你做什么。商家逾期不答，会按规则继续处理，不会一直拖着。"],
    merchant: ["请你答复", "可以同意、协商或提出异议。逾期未答，将按规则直接处理，可能退款。"],
  },
  awaiting_buyer: {
    buyer: ["请你补充材料", "按下面的要求补充。逾期未补，申请会搁置，之后仍可通过申诉继续。"],
    merchant: ["等买家补充材料", "买家逾期未补，申请会搁置。现在不用你做什么，也可以直接同意。"],
  },
  awaiting_reply: {
    buyer: ["有一个方案等你回复", "接受就按方案了结；不接受，申请继续处理，结果不受影响。"],
    merchant: ["等买家回复方案", "买家接受就了结；不接受或逾期，申请继续处理。"],
  },
  review: {
    buyer: ["审核员正在看你的申请", "由人来裁决，机器不会直接驳回。期间仍可补充照片。"],
    merchant: ["审核员正在看这个申请", "双方材料都会看。期间仍可补充打包记录。"],
  },
  visit: {
    buyer: ["将安排上门查看", "师傅会到现场看商品，之后由审核员裁决。"],
    merchant: ["将安排上门查看", "师傅会到现场看商品，之后由审核员裁决。"],
  },
  "decided/granted": {
    buyer: ["裁决支持你的申请", "商家可以在申诉期内申诉，由另一位审核员重新审阅。"],
    merchant: ["裁决支持买家", "不认同可以在申诉期内申诉，由另一位审核员重新审阅。"],
  },
  "decided/partly": {
    buyer: ["裁决部分支持你的申请", "不认同可以在申诉期内申诉，由另一位审核员重新审阅。"],
    merchant: ["裁决部分支持买家", "不认同可以在申诉期内申诉，由另一位审核员重新审阅。"],
  },
  "decided/refused": {
    buyer: ["裁决没有支持你的申请", "理由见下方。不认同可以在申诉期内申诉，由另一位审核员重新审阅。"],
    merchant: ["裁决没有支持买家", "买家可以在申诉期内申诉，由另一位审核员重新审阅。"],
  },
  "decided/settled": {
    buyer: ["商家逾期未答，已按规则处理", "申诉期过后结案。"],
    merchant: ["逾期未答，已按规则处理", "有异议可以在申诉期内申诉，由审核员审阅。"],
  },
  "decided/lapsed": {
    buyer: ["逾期未补充，申请已搁置", "材料备齐了可以在申诉期内申诉，会重新处理。"],
    merchant: ["买家逾期未补充，申请已搁置", "买家可以在申诉期内申诉恢复处理。"],
  },
  "closed/settled": {
    buyer: ["双方已了结", "按约定的方案处理。"],
    merchant: ["双方已了结", "按约定的方案处理。"],
  },
  "closed/decided": {
    buyer: ["已结案", "裁决已是最终结果。"],
    merchant: ["已结案", "裁决已是最终结果。"],
  },
  "closed/silence": {
    buyer: ["已结案", "商家逾期未答，已按规则处理。"],
    merchant: ["已结案", "逾期未答，已按规则处理。"],
  },
  "closed/lapsed": {
    buyer: ["已结案", "逾期未补充材料，申请已失效。"],
    merchant: ["已结案", "买家逾期未补充材料。"],
  },
  "closed/withdrawn": {
    buyer: ["你已撤回申请", "同一件商品如需售后，可以重新申请。"],
    merchant: ["买家已撤回申请", "不用再处理。"],
  },
};

const en: Table = {
  draft: {
    buyer: ["This draft has not been sent", "Complete and send it; nobody else sees it until then."],
    merchant: ["The buyer is still writing", "You will be asked once it is sent."],
  },
  examining: {
    buyer: ["Your photos are being examined", "That takes a minute or two. This page follows by itself."],
    merchant: ["The buyer's photos are being examined", "If you are to answer, your time starts after that."],
  },
  screening: {
    buyer: ["The news is being dealt with", "The next step comes soon; this page follows by itself."],
    merchant: ["The news is being dealt with", "The next step comes soon; this page follows by itself."],
  },
  awaiting_merchant: {
    buyer: [
      "Waiting for the shop's answer",
      "Nothing for you to do. If the shop stays silent, the rules carry on without it.",
    ],
    merchant: [
      "Please answer",
      "Agree, offer something else, or object. If you stay silent the rules decide, and that may be a refund.",
    ],
  },
  awaiting_buyer: {
    buyer: [
      "We need something more from you",
      "See below what is asked. If nothing comes, the claim is put aside; an appeal takes it up again.",
    ],
    merchant: [
      "Waiting for the buyer",
      "Without an answer the claim is put aside. Nothing for you to do, though you may agree at any time.",
    ],
  },
  awaiting_reply: {
    buyer: [
      "An offer is waiting for you",
      "Accept it and you are done; decline it and your claim goes on, no worse than before.",
    ],
    merchant: [
      "The buyer is considering the offer",
      "Accepted, it settles the claim; declined or unanswered, the claim goes on.",
    ],
  },
  review: {
    buyer: [
      "A reviewer is reading your claim",
      "A person rules; no machine refuses a claim. You may still add photos.",
    ],
    merchant: ["A reviewer is reading this claim", "Both sides' material is read. You may still add packing records."],
  },
  visit: {
    buyer: ["Somebody will come and look", "A technician looks at the goods, then a reviewer rules."],
    merchant: ["Somebody will go and look", "A technician looks at the goods, then a reviewer rules."],
  },
  "decided/granted": {
    buyer: ["Your claim was granted", "The shop may appeal within the window; somebody else then reads the case."],
    merchant: [
      "The buyer's claim was granted",
      "If you disagree, appeal within the window: somebody else reads the case.",
    ],
  },
  "decided/partly": {
    buyer: [
      "Your claim was granted in part",
      "If you disagree, appeal within the window: somebody else reads the case.",
    ],
    merchant: [
      "The buyer's claim was granted in part",
      "If you disagree, appeal within the window: somebody else reads the case.",
    ],
  },
  "decided/refused": {
    buyer: [
      "Your claim was refused",
      "The reasons stand below. If you disagree, appeal within the window: somebody else reads the case.",
    ],
    merchant: ["The buyer's claim was refused", "The buyer may appeal within the window; somebody else then reads it."],
  },
  "decided/settled": {
    buyer: ["The shop stayed silent, so the rules applied", "It closes when the window for an appeal has passed."],
    merchant: [
      "You did not answer, so the rules applied",
      "If you object, appeal within the window and a reviewer reads it.",
    ],
  },
  "decided/lapsed": {
    buyer: [
      "Put aside: nothing came in time",
      "Once you have what was asked, appeal within the window and it goes on.",
    ],
    merchant: ["Put aside: the buyer did not come back", "The buyer may appeal within the window to take it up again."],
  },
  "closed/settled": {
    buyer: ["Settled by agreement", "What was agreed is carried out."],
    merchant: ["Settled by agreement", "What was agreed is carried out."],
  },
  "closed/decided": { buyer: ["Closed", "The ruling is final."], merchant: ["Closed", "The ruling is final."] },
  "closed/silence": {
    buyer: ["Closed", "The shop stayed silent, so the rules applied."],
    merchant: ["Closed", "You did not answer, so the rules applied."],
  },
  "closed/lapsed": {
    buyer: ["Closed", "What was asked for did not come in time."],
    merchant: ["Closed", "The buyer did not come back in time."],
  },
  "closed/withdrawn": {
    buyer: ["You withdrew this claim", "You may file again about the same goods if you need to."],
    merchant: ["The buyer withdrew", "Nothing more to do."],
  },
};

const tables: Record<Language, Table> = { zh, en };
const turn: Record<string, Side> = {
  awaiting_merchant: "merchant",
  awaiting_buyer: "buyer",
  awaiting_reply: "buyer",
  draft: "buyer",
};

function keyOf(c: Claim): string {
  if (c.state === "screening") return c.stage === "filed" || !c.stage ? "examining" : "screening";
  if (c.state === "decided") return `decided/${lastOf(c.decisions)?.outcome}`;
  if (c.state === "closed") return `closed/${c.closing}`;
  return c.state;
}

/** whatNext is the sentence at the head of a claim's page. */
export function whatNext(c: Claim, side: Side, language: Language): Next {
  const table = tables[language];
  const key = keyOf(c);
  // A state that is newer than this page is told by its own name, not hidden.
  const [title, text] = table[key]?.[side] ?? [word(states, c.state, language), ""];
  return { title, text, mine: turn[c.state] === side, due: clockOf(c)?.due };
}

const kindsZH: Record<string, string> = {
  refund_only: "退款 {m}，不用退货",
  partial_refund: "退款 {m}，不用退货",
  return_refund: "退货后退款 {m}",
  exchange: "换货",
  repair: "维修",
};
const kindsEN: Record<string, string> = {
  refund_only: "a refund of {m}, no return needed",
  partial_refund: "a refund of {m}, no return needed",
  return_refund: "a refund of {m} once the goods are returned",
  exchange: "an exchange",
  repair: "a repair",
};

/** remedyText says what somebody gets: "退款 ¥128.50，不用退货". */
export function remedyText(kind: string, amount: string, language: Language): string {
  return ((language === "zh" ? kindsZH : kindsEN)[kind] ?? kind).replace("{m}", amount);
}

const statesZH: Record<string, string> = {
  held: "申诉期过后执行",
  appealed: "原结果已暂停执行，以复审结果为准",
  ordered: "已通知平台执行",
  done: "已完成",
  revoked: "已撤销",
  failed: "未能执行",
};
const statesEN: Record<string, string> = {
  held: "carried out once the window for an appeal has passed",
  appealed: "the first outcome, on hold until the appeal is decided",
  ordered: "the platform has been told to carry it out",
  done: "done",
  revoked: "taken back",
  failed: "could not be carried out",
};

/** remedyState says how far a claim's remedy has come; one that is held in the second round waits for the appeal. */
export function remedyState(c: Claim, language: Language): string {
  const state = c.remedy?.state ?? "";
  const key = state === "held" && c.round > 1 ? "appealed" : state;
  return (language === "zh" ? statesZH : statesEN)[key] ?? "";
}

/** failedWhy is what the platform said of the order that failed, in its words; the merchant is not told. */
export function failedWhy(c: Claim, language: Language): string {
  const said = c.remedy?.state === "failed" && c.failures?.filter((x) => x.no === (c.remedy?.no ?? 1)).at(-1);
  if (!said) return "";
  return language === "zh" ? `平台说明：${said.text}` : `The platform says: ${said.text}`;
}

/** remedyAbout says what follows where a remedy stays: nobody is left to wonder who is to act. */
export function remedyAbout(state: string | undefined, side: Side, language: Language): string {
  if (state !== "failed") return "";
  if (language === "zh")
    return side === "buyer"
      ? "裁决和约定不变。平台会再次安排；需要你提供信息时，平台会联系你。"
      : "裁决和约定不变，平台会再次安排。";
  return side === "buyer"
    ? "What was decided or agreed stands. The platform arranges it again, and contacts you if it needs anything from you."
    : "What was decided or agreed stands. The platform arranges it again.";
}
