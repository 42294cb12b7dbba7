import type { ClockKind, Kind, Outcome, Reason, Role, State, Task } from "./codes";
import { currentLanguage, type Language, useLanguage } from "./language";

// The desk's own words, as the map of the product names them. Codes come from the server; where its description lists
// them (codes.ts), one without its words does not compile.
interface Both {
  zh: string;
  en: string;
}
/** Table is the words of some codes, whichever they are; those of a list that the schema knows are a Record of it. */
export type Table = Record<string, Both>;

export const states: Record<State, Both> = {
  draft: { zh: "草稿", en: "Draft" },
  screening: { zh: "检测中", en: "Being examined" },
  awaiting_merchant: { zh: "待商家答复", en: "Waiting for the merchant" },
  awaiting_buyer: { zh: "待买家补充", en: "Waiting for the buyer" },
  awaiting_reply: { zh: "待买家回应方案", en: "Offer with the buyer" },
  review: { zh: "人工审核", en: "In review" },
  visit: { zh: "上门查看", en: "Visit" },
  decided: { zh: "已裁决", en: "Decided" },
  closed: { zh: "已结案", en: "Closed" },
};

export const kinds: Record<Kind, Both> = {
  refund_only: { zh: "仅退款", en: "Refund without return" },
  return_refund: { zh: "退货退款", en: "Return and refund" },
  exchange: { zh: "换货", en: "Exchange" },
  repair: { zh: "维修", en: "Repair" },
  partial_refund: { zh: "部分退款", en: "Partial refund" },
};

export const reasons: Record<Reason, Both> = {
  damaged: { zh: "商品破损", en: "Damaged" },
  wrong_item: { zh: "发错货", en: "Wrong item" },
  missing: { zh: "少件漏发", en: "Something missing" },
  not_as_described: { zh: "与描述不符", en: "Not as described" },
  quality: { zh: "质量问题", en: "Quality" },
  expired: { zh: "过期变质", en: "Expired or spoilt" },
  not_received: { zh: "未收到货", en: "Not received" },
  counterfeit: { zh: "疑似假冒", en: "Counterfeit" },
  other: { zh: "其他原因", en: "Other" },
};

export const outcomes: Record<Outcome, Both> = {
  granted: { zh: "支持", en: "Granted" },
  partly: { zh: "部分支持", en: "Granted in part" },
  refused: { zh: "驳回", en: "Refused" },
  settled: { zh: "双方了结", en: "Settled" },
  lapsed: { zh: "逾期失效", en: "Lapsed" },
};

export const closings: Table = {
  settled: { zh: "协商一致", en: "By agreement" },
  decided: { zh: "人工裁决", en: "By ruling" },
  silence: { zh: "商家逾期未答", en: "Merchant stayed silent" },
  lapsed: { zh: "买家未回应", en: "Buyer did not come back" },
  withdrawn: { zh: "买家撤回", en: "Withdrawn by the buyer" },
};

export const strengths: Table = {
  conclusive: { zh: "确凿", en: "Conclusive" },
  strong: { zh: "有力", en: "Strong" },
  weak: { zh: "较弱", en: "Weak" },
  note: { zh: "备注", en: "Note" },
};

export const stances: Table = {
  against: { zh: "不利于申请", en: "Against the claim" },
  for: { zh: "有利于申请", en: "For the claim" },
  neutral: { zh: "中性", en: "Neither way" },
};

export const parties: Record<Role | "integrator" | "platform" | "machine", Both> = {
  buyer: { zh: "买家", en: "Buyer" },
  merchant: { zh: "商家", en: "Merchant" },
  reviewer: { zh: "审核员", en: "Reviewer" },
  senior_reviewer: { zh: "高级审核员", en: "Senior reviewer" },
  operator: { zh: "运营", en: "Operator" },
  auditor: { zh: "审计", en: "Auditor" },
  integrator: { zh: "平台接口", en: "Platform" },
  platform: { zh: "平台", en: "Platform" },
  machine: { zh: "系统", en: "System" },
};

export const purposes: Table = {
  whole: { zh: "商品全貌", en: "The whole article" },
  close_up: { zh: "问题特写", en: "The fault, close up" },
  second_angle: { zh: "另一角度", en: "From another side" },
  unboxing: { zh: "开箱视频", en: "Unboxing video" },
  destruction: { zh: "销毁视频", en: "Destruction video" },
  label: { zh: "面单或批号", en: "Label or date stamp" },
  packing: { zh: "打包记录", en: "Packing record" },
  listing: { zh: "商品主图", en: "Listing picture" },
  other: { zh: "其他", en: "Other" },
};

export const clocks: Record<ClockKind, Both> = {
  merchant_answer: { zh: "商家答复", en: "Merchant's answer" },
  buyer_answer: { zh: "买家补充", en: "Buyer's answer" },
  offer_reply: { zh: "买家回应方案", en: "Reply to the offer" },
  review_due: { zh: "审核", en: "Review" },
  visit_due: { zh: "上门", en: "Visit" },
  appeal: { zh: "申诉期", en: "Appeal" },
};

export const actions: Table = {
  settle: { zh: "按约定了结", en: "Settle" },
  ask_merchant: { zh: "询问商家", en: "Ask the merchant" },
  ask_buyer: { zh: "请买家补充", en: "Ask the buyer" },
  offer_return: { zh: "改为退货退款", en: "Offer a return instead" },
  review: { zh: "转人工审核", en: "To a person" },
  visit: { zh: "安排上门", en: "Send somebody to look" },
  lapse: { zh: "逾期失效", en: "Let it lapse" },
};

export const tasks: Record<Task, Both> = {
  decide: { zh: "裁决", en: "Decide" },
  confirm: { zh: "复核", en: "Confirm" },
  reread: { zh: "盲审", en: "Second reading" },
};

export const heard: Table = {
  answered: { zh: "商家已答复", en: "The merchant answered" },
  agreed: { zh: "商家已同意", en: "The merchant agreed" },
  window_ran_out: { zh: "商家逾期未答", en: "The merchant's window ran out" },
};

export const remedyStates: Table = {
  held: { zh: "待生效", en: "Held until final" },
  ordered: { zh: "已通知平台执行", en: "Ordered" },
  done: { zh: "已完成", en: "Done" },
  revoked: { zh: "已撤销", en: "Revoked" },
  failed: { zh: "执行失败", en: "Failed" },
};

/** findings names the codes; the sentence of each comes from the server. */
export const findings: Table = {
  "reference.same_capture": { zh: "与商家图同源", en: "From the shop's picture" },
  "reference.shared_graphics": { zh: "与商家图使用相同图形", en: "Graphics in common with the shop's picture" },
  "reference.side_by_side": { zh: "商家图与实物并列", en: "Shop's picture beside another" },
  "reuse.same_capture": { zh: "图片曾用于其他申请", en: "Picture used in another claim" },
  "angle.consistent": { zh: "换个角度也看得到", en: "There from another angle too" },
  "angle.inconsistent": { zh: "换个角度看不到", en: "Not there from another angle" },
  "angle.unseen": { zh: "另一角度无法判断", en: "Another angle cannot tell" },
  "provenance.c2pa_ai": { zh: "内容凭证：AI 生成", en: "Content Credential: AI" },
  "provenance.c2pa_invalid": { zh: "内容凭证失效", en: "Content Credential broken" },
  "provenance.c2pa_camera": { zh: "内容凭证：相机直出", en: "Content Credential: camera" },
  "provenance.aigc_label": { zh: "带有 AIGC 标识", en: "AIGC label" },
  "provenance.generator_trace": { zh: "生成工具痕迹", en: "Generator's trace" },
  "provenance.ai_watermark": { zh: "AI 隐式水印", en: "AI watermark" },
  "metadata.inconsistent": { zh: "元数据矛盾", en: "Metadata contradicts itself" },
  "trace.foreign_grid": { zh: "局部 JPEG 网格错位", en: "A part lies on another JPEG grid" },
  "trace.model_size": { zh: "尺寸与生成模型输出相同", en: "A size that image models give" },
  "trace.copy_move": { zh: "同一块画面出现两次", en: "A part is there twice" },
  "trace.compressed_once": { zh: "局部在保存后被改动", en: "A part was changed after saving" },
};

/** ways names same-capture findings by how the picture is the shop's: copied, bent a little, or drawn anew. */
const ways = {
  copied: { zh: "与商家图同源", en: "Same shot as the shop's picture" },
  bent: { zh: "由商家图变形而成", en: "The shop's picture, bent" },
  redrawn: { zh: "商家图整幅重绘", en: "The shop's picture, redrawn" },
  composed: { zh: "构图与商家图接近", en: "Composed like the shop's picture" },
} satisfies Table;

/** Found is what of a finding its name depends on. */
export interface Found {
  code: string;
  strength: string;
  measured?: Record<string, number>;
}

/** wayOf is how a finding says that a picture is the shop's; undefined for findings of other kinds. */
export function wayOf(f: Found): keyof typeof ways | undefined {
  if (f.code !== "reference.same_capture") return undefined;
  if (f.measured?.redrawn) return f.strength === "strong" || f.strength === "conclusive" ? "redrawn" : "composed";
  return f.measured?.bent ? "bent" : "copied";
}

/** findingName names one finding. */
export function findingName(f: Found, language: Language = currentLanguage()): string {
  const way = wayOf(f);
  return way ? ways[way][language] : word(findings, f.code, language);
}

/** word looks a code up; an unknown one is shown as it is rather than hidden. */
export function word(table: Table, code: string | undefined, language: Language = currentLanguage()): string {
  if (!code) return "";
  return table[code]?.[language] ?? code;
}

/** useWord is word in the reader's language, for components. */
export function useWord() {
  const language = useLanguage();
  return (table: Table, code: string | undefined) => word(table, code, language);
}
