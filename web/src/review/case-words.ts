import { type Found, wayOf } from "@/words/domain";
import type { Words } from "@/words/language";

/** many counts things in English. */
const many = (n: number, thing: string) => `${n} ${thing}${n === 1 ? "" : "s"}`;

export const caseWords: Words<{
  back: string;
  look: string;
  shopQueue: string;
  ruleNote: string;
  limitOther: string;
  beside: (what: string) => string;
  round: (n: number) => string;
  blind: string;
  findings: string;
  noFindings: string;
  noPictures: string;
  onlyWords: (n: number) => string;
  statement: string;
  screening: string;
  bound: (n: string) => string;
  limit: string;
  tick: string;
  stories: string;
  says: string;
  answered: Record<string, string>;
  asks: { buyer: string; merchant: string };
  appeals: string;
  offers: string;
  order: string;
  placed: string;
  shipped: string;
  delivered: string;
  total: string;
  left: string;
  leftUnits: (n: number, of: number) => string;
  to: string;
  carrier: string;
  tracking: string;
  claimed: string;
  histories: string;
  buyer: string;
  merchant: string;
  buyerSum: (o: number, c: number, r: number, f: number) => string;
  merchantSum: (n: number, share: string) => string;
  sharing: string;
  sharingNone: string;
  sameBuyer: string;
  otherBuyer: string;
  route: string;
  rule: string;
  version: string;
  overruled: string;
  clocks: string;
  noClocks: string;
  extend: string;
  extendReason: string;
  extendTo: string;
  extended: string;
  decide: string;
  hold: (until: string) => string;
  take: string;
  takeAbout: string;
  elsewhere: string;
  release: string;
  outcome: string;
  remedy: string;
  carried: string;
  failedAbout: string;
  orderAgain: string;
  orderedAgain: string;
  amount: string;
  amountHint: (max: string) => string;
  amountBound: (zero: string, max: string) => string;
  codes: string;
  text: string;
  textNeeded: string;
  note: string;
  noteHint: string;
  restsOn: string;
  restsOnNone: string;
  proposer: string;
  you: string;
  bothRead: string;
  send: string;
  propose: string;
  fourEyes: string;
  sent: string;
  proposed: string;
  proposal: string;
  confirm: string;
  confirmed: string;
  giveBack: string;
  giveBackNote: string;
  ask: string;
  askBuyer: string;
  askMerchant: string;
  question: string;
  questionEn: string;
  askSend: string;
  asked: string;
  visit: string;
  visiting: string;
  reread: string;
  rereadAbout: string;
  rereadSend: string;
  rereadDone: string;
  changed: string;
  readOnly: string;
  decision: string;
  earlier: (round: number) => string;
  by: string;
  second: string;
  dossier: string;
  next: string;
  missing: string;
  needOutcome: string;
  needCodes: string;
  needText: string;
  needAmount: string;
  conclusive: string;
  quantity: string;
}> = {
  zh: {
    back: "审核队列",
    look: "证据对比",
    shopQueue: "该店其他待审",
    ruleNote: "规则备注",
    beside: (what) => `与“${what}”并排看`,
    limitOther: "申请属实或不实。这只是一条线索，要和双方陈述一起看。",
    round: (n) => (n > 1 ? "申诉复审" : "初审"),
    blind: "盲审：先前的裁决不显示",
    findings: "鉴定发现",
    noFindings: "检测完成，没有发现需要注意的内容。这不等于照片真实。",
    noPictures: "这件申请没有图片或视频，没有可检测的内容。",
    onlyWords: (n) => `没有图片或视频可检测；有 ${n} 份文字说明，见“双方陈述”。`,
    statement: "文字说明",
    screening: "检测尚未完成，完成后自动显示。",
    bound: (n) => `误报上限：${n}`,
    limit: "不能证明",
    tick: "作为裁决依据",
    stories: "双方陈述",
    says: "申请理由",
    answered: { agree: "同意", disagree: "不同意", offer: "提出方案", contest: "不同意", accept: "同意" },
    asks: { buyer: "向买家提问", merchant: "向商家提问" },
    appeals: "申诉",
    offers: "提出方案",
    order: "订单",
    placed: "下单",
    shipped: "发货",
    delivered: "签收",
    total: "实付",
    left: "尚可退",
    leftUnits: (n, of) => `剩 ${n} 件（共 ${of} 件）`,
    to: "收货地",
    carrier: "承运",
    tracking: "运单号",
    claimed: "申请中的商品",
    histories: "往来记录",
    buyer: "买家",
    merchant: "商家",
    buyerSum: (o, c, r, f) => `近 90 天申请售后 ${c} 次，获仅退款 ${r} 次；近一年 ${o} 笔订单，经人工认定不实 ${f} 次`,
    merchantSum: (n, share) => `近 30 天 ${n} 件申请${share ? `，按时答复 ${share}` : ""}`,
    sharing: "共用图片的其他申请",
    sharingNone: "没有其他申请用过这些图片。",
    sameBuyer: "同一买家",
    otherBuyer: "另一买家",
    route: "为何到这里",
    rule: "规则",
    version: "版本",
    overruled: "保障条款改变了规则的原本走向",
    clocks: "进行中的时限",
    noClocks: "目前没有进行中的时限。",
    extend: "延长",
    extendReason: "延长的原因（双方可见）",
    extendTo: "延长到",
    extended: "时限已延长",
    decide: "裁决",
    hold: (until) => `已由你领取，${until} 前有效，停留在此页会自动续期`,
    take: "领取此案",
    takeAbout: "领取后由你处理，其他人不能同时裁决。",
    elsewhere: "此案正由其他审核员处理。",
    release: "退回队列",
    outcome: "结论",
    remedy: "处理方式",
    carried: "执行情况",
    failedAbout: "平台未能执行，所占的金额和件数已释放。由运营或平台再次安排。",
    orderAgain: "再次安排",
    orderedAgain: "已再次安排执行",
    amount: "退款金额",
    amountHint: (max) => `不超过 ${max}`,
    amountBound: (zero, max) => `退款金额须大于 ${zero}，不超过 ${max}`,
    codes: "理由",
    text: "写给双方的说明",
    textNeeded: "驳回必须写明理由",
    note: "内部备注",
    noteHint: "仅审核员可见",
    restsOn: "依据的发现",
    restsOnNone: "未引用任何发现",
    proposer: "提交人",
    you: "（你）",
    bothRead: "双方会看到",
    send: "提交裁决",
    propose: "提交，等待第二人复核",
    fourEyes: "金额达到双人复核线：提交后须由另一位审核员确认才生效。",
    sent: "裁决已生效",
    proposed: "已提交，等待第二人复核",
    proposal: "待复核的裁决",
    confirm: "确认，使其生效",
    confirmed: "裁决已确认",
    giveBack: "不同意，退回",
    giveBackNote: "不同意的原因（审核员可见）",
    ask: "提问",
    askBuyer: "问买家",
    askMerchant: "问商家",
    question: "问题（中文）",
    questionEn: "问题（英文，可选）",
    askSend: "发出提问",
    asked: "已发出，等待答复",
    visit: "安排上门",
    visiting: "已安排上门",
    reread: "盲审",
    rereadAbout: "请独立判断。你的结论只用于统计一致性，不影响双方。",
    rereadSend: "提交盲审结论",
    rereadDone: "已记录",
    changed: "案件刚有变化，已刷新。你写的内容还在，请核对后再提交。",
    readOnly: "此账号仅可查看，不能裁决。",
    decision: "裁决结果",
    earlier: (round) => `先前的裁决（第 ${round} 轮）`,
    by: "裁决人",
    second: "复核人",
    dossier: "下载证据包",
    next: "下一件",
    missing: "还差",
    needOutcome: "结论",
    needCodes: "至少一条理由",
    needText: "写给双方的说明",
    needAmount: "有效的退款金额",
    conclusive: "确凿：单独即可成立，误报率有上限",
    quantity: "件",
  },
  en: {
    back: "Queue",
    look: "The evidence compared",
    shopQueue: "The shop's other waiting cases",
    ruleNote: "Note of the rule",
    beside: (what) => `Beside “${what}”`,
    limitOther: "That the claim is true or false. It is one hint, to be read with what both sides say.",
    round: (n) => (n > 1 ? "On appeal" : "First reading"),
    blind: "Blind: earlier rulings are not shown",
    findings: "Findings",
    noFindings: "Examined; nothing to note was found. That does not prove the photos genuine.",
    noPictures: "There is no photo or video, so there was nothing to examine.",
    onlyWords: (n) =>
      `There is no photo or video to examine; ${n === 1 ? "one written statement stands" : `${n} written statements stand`} under “Both sides”.`,
    statement: "Written statement",
    screening: "Still being examined; the findings appear here by themselves.",
    bound: (n) => `False alarms: at most ${n}`,
    limit: "Does not prove",
    tick: "Rests on this",
    stories: "Both sides",
    says: "Why they claim",
    answered: { agree: "agrees", disagree: "disagrees", offer: "offers", contest: "disagrees", accept: "agrees" },
    asks: { buyer: "The buyer is asked", merchant: "The merchant is asked" },
    appeals: "appeals",
    offers: "offers",
    order: "Order",
    placed: "Placed",
    shipped: "Shipped",
    delivered: "Delivered",
    total: "Paid",
    left: "Left to pay back",
    leftUnits: (n, of) => `${n} of ${of} left`,
    to: "To",
    carrier: "Carrier",
    tracking: "Tracking",
    claimed: "Claimed",
    histories: "History",
    buyer: "Buyer",
    merchant: "Merchant",
    buyerSum: (o, c, r, f) =>
      `In 90 days ${many(c, "claim")}, ${many(r, "refund")} without return granted; in a year ${many(o, "order")}, ${many(f, "claim")} found untrue by a person`,
    merchantSum: (n, share) => `${many(n, "claim")} in 30 days${share ? `, ${share} answered in time` : ""}`,
    sharing: "Other claims with the same picture",
    sharingNone: "No other claim has used these pictures.",
    sameBuyer: "same buyer",
    otherBuyer: "another buyer",
    route: "Why it is here",
    rule: "Rule",
    version: "version",
    overruled: "A guarantee changed where the rule would have sent it",
    clocks: "Running clocks",
    noClocks: "No clock is running.",
    extend: "Extend",
    extendReason: "Why (both sides read it)",
    extendTo: "New end",
    extended: "The window was extended",
    decide: "Ruling",
    hold: (until) => `You hold it until ${until}; staying here renews that`,
    take: "Take this case",
    takeAbout: "Once you hold it, nobody else can rule on it.",
    elsewhere: "Somebody else is working on this case.",
    release: "Give it back",
    outcome: "Outcome",
    remedy: "Remedy",
    carried: "The remedy",
    failedAbout:
      "The platform could not carry it out; what it took of the order is free again. An operator or the platform orders it again.",
    orderAgain: "Order it again",
    orderedAgain: "Ordered again",
    amount: "Refund",
    amountHint: (max) => `${max} at most`,
    amountBound: (zero, max) => `The refund must be more than ${zero} and at most ${max}`,
    codes: "Reasons",
    text: "Words for both sides",
    textNeeded: "A refusal needs them",
    note: "Internal note",
    noteHint: "reviewers only",
    restsOn: "Rests on",
    restsOnNone: "No finding was cited",
    proposer: "Proposed by",
    you: " (you)",
    bothRead: "Both sides will read",
    send: "Send the ruling",
    propose: "Send it to a second person",
    fourEyes: "From this amount on a second reviewer has to confirm before it counts.",
    sent: "The ruling counts",
    proposed: "Sent; a second person will confirm",
    proposal: "Proposed ruling",
    confirm: "Confirm it",
    confirmed: "Confirmed",
    giveBack: "Disagree, return it",
    giveBackNote: "Why you disagree (reviewers read it)",
    ask: "Ask a side",
    askBuyer: "The buyer",
    askMerchant: "The merchant",
    question: "Question in Chinese",
    questionEn: "Question in English (optional)",
    askSend: "Ask",
    asked: "Asked; the case comes back with the answer",
    visit: "Send for a visit",
    visiting: "A visit was asked for",
    reread: "Second reading",
    rereadAbout: "Judge it by yourself. What you find only counts in the agreement figures.",
    rereadSend: "Record my reading",
    rereadDone: "Recorded",
    changed: "The case has just changed and was loaded again. What you wrote is still here; check it and send again.",
    readOnly: "This account can look, not rule.",
    decision: "Ruling",
    earlier: (round) => `Earlier ruling (round ${round})`,
    by: "By",
    second: "Confirmed by",
    dossier: "Download the dossier",
    next: "Next case",
    missing: "Still needed",
    needOutcome: "an outcome",
    needCodes: "a reason",
    needText: "words for both sides",
    needAmount: "an amount within bounds",
    conclusive: "Conclusive: stands alone, with a bound on false alarms",
    quantity: "×",
  },
};

/** limitOf says what one finding does not prove; undefined where its kind is not known here. */
export const limitOf = (f: Found) => limits[limitKey(f)];

function limitKey(f: Found): string {
  const way = wayOf(f);
  if (way === "redrawn" || way === "composed") return "redrawn";
  return way === "bent" ? "bent" : f.code;
}

/** limits says of each kind of finding what it does not prove. */
export const limits: Record<string, { zh: string; en: string }> = {
  "reference.same_capture": {
    zh: "谁改的、为何改。买家转发商家图、在商品图上圈画说明问题，也会同源：看改动处画的是什么。",
    en: "Who changed it, or why. A buyer who forwards the listing photo, or circles a place on it, shares its pixels too: look at what was altered.",
  },
  redrawn: {
    zh: "谁重绘的、为何重绘。美化、增强清晰度的应用也可能把照片整幅重绘；在同一位置另拍同一商品，构图也会相同。",
    en: "Who had it redrawn, or why. Apps that brighten or sharpen a photo can redraw it whole too, and the same goods, photographed again from the same spot, are composed alike.",
  },
  bent: {
    zh: "谁改的、为何改。用手机拉直画面、校正透视也会这样，在均匀光线下清晰翻拍的印刷品也可能如此：看改动处画的是什么。",
    en: "Who bent it, or why. Straightening a picture on a phone does that, and a sharp photo of a print in even light can look so: look at what was altered.",
  },
  "angle.consistent": {
    zh: "损坏何时发生、由谁造成。两张照片若被改得一样，结果也会如此。",
    en: "When the damage was done, or by whom. Two photos that were painted alike would look the same.",
  },
  "angle.inconsistent": {
    zh: "哪一张被改过、由谁改的。只在其中一张里出现的反光、水珠或碎屑也会这样：请并排看两张。",
    en: "Which of the two was changed, or by whom. A light, a drop or a crumb that only one of them caught looks the same: see both side by side.",
  },
  "angle.unseen": {
    zh: "任何一方有问题：只是看不出来。",
    en: "Anything against either side: it only could not be seen.",
  },
  "reference.shared_graphics": {
    zh: "货物本身的任何情况。面单、水印、边框、应用界面，毫不相干的图片也会相同。",
    en: "Anything about the goods. Labels, stamps, frames and screens are alike in pictures that have nothing to do with each other.",
  },
  "reference.side_by_side": {
    zh: "作假，也不能证明另一部分属实。买家常把商品图与收到的实物拼在一起对比。",
    en: "A forgery; nor that the other part is genuine. Buyers often set the listing beside what they received.",
  },
  "reuse.same_capture": {
    zh: "两件申请都不实。同一买家为同一件商品再次申请，自然会用同一张照片。",
    en: "That both claims are false. The same buyer, claiming again for the same article, naturally sends the same photo.",
  },
  "provenance.c2pa_ai": {
    zh: "破损是画上去的。有的手机对每张照片都做生成式修饰，凭证只说明用过这类工具。",
    en: "That the damage was painted. Some phones touch up every photo with a model; the credential says that such a tool was used.",
  },
  "provenance.c2pa_invalid": {
    zh: "有人作假。转存、压缩也会破坏凭证。",
    en: "A forgery. Saving and compressing again break a credential too.",
  },
  "provenance.c2pa_camera": {
    zh: "拍的就是这件商品。相机如实拍下屏幕上的画面，凭证同样完好。",
    en: "That it shows this article. A camera that honestly photographs a screen signs that as well.",
  },
  "provenance.aigc_label": {
    zh: "整张图都是生成的。抠图、清晰化也会带上标识；而标识也可以由任何人写入。",
    en: "That all of it was generated. Cutting out a background leaves the label too, and anybody can write one.",
  },
  "provenance.generator_trace": {
    zh: "画面由生成工具绘制。元数据可以手工改写，也会随模板复制。",
    en: "That a generator drew it. Metadata can be typed by hand, and is copied along with templates.",
  },
  "provenance.ai_watermark": {
    zh: "生成于何时、由谁使用。",
    en: "When it was made, or by whom.",
  },
  "metadata.inconsistent": {
    zh: "照片不实。手机时间不准、聊天软件转存都会造成矛盾。",
    en: "That the photo is false. A wrong clock or a messenger that saves again makes such contradictions.",
  },
  "trace.foreign_grid": {
    zh: "破损是假的。拼图、贴纸、图中图也会留下同样的痕迹：看标出的地方是什么。",
    en: "That the damage is false. Collages, stickers and a photo within a photo leave the same trace: look at what the place shows.",
  },
  "trace.model_size": {
    zh: "画面是生成的，更不说明破损是假的。裁剪偶尔会碰巧得到同样的尺寸；用 AI 增强清晰度也会得到。",
    en: "That a model drew it, still less that the damage is false. A crop meets such a size now and then, and sharpening by AI gives it too.",
  },
  "trace.copy_move": {
    zh: "破损是假的，也不说明哪一处是复制品。修补镜头污点、拼图也会让同一块画面出现两次。",
    en: "That the damage is false, nor which place is the copy. Retouching a spot of dust, or a collage, shows a part twice too.",
  },
  "trace.compressed_once": {
    zh: "破损是画上去的。买家在照片上画圈、写字、打码，也是保存之后的改动：看标出的地方是什么。",
    en: "That the damage was painted. A buyer who circles it, writes on the photo or blurs a name also changes it after saving: look at what the place shows.",
  },
};
