import type { Kind, Reason } from "@/words/codes";
import type { Words } from "@/words/language";

type Pairs<K extends string> = Record<K, [string, string]>;

/** What the pages of a buyer say while a claim is put together. */
export const filingWords: Words<{
  title: string;
  step: (n: number, of: number) => string;
  back: string;
  next: string;
  save: string;
  send: string;
  goods: string;
  goodsMany: string;
  goodsHint: string;
  howMany: (bought: number) => string;
  fewer: string;
  oneMore: string;
  atMost: (m: string) => string;
  gone: (n: number, of: number) => string;
  paidBack: (m: string) => string;
  claimedUnits: (n: number, of: number) => string;
  free: (n: number) => string;
  and: string;
  reason: string;
  reasons: Pairs<Reason>;
  kind: string;
  kinds: Pairs<Kind>;
  resend: [string, string];
  amount: string;
  amountHint: (most: string) => string;
  amountWrong: (most: string) => string;
  whole: (m: string) => string;
  evidence: string;
  evidenceHint: string;
  got: string;
  still: string;
  noneNeeded: string;
  extra: string;
  extraHint: string;
  words: string;
  wordsHint: string;
  wordsLabel: string;
  check: string;
  change: string;
  missing: (n: number) => string;
  ready: string;
  toMissing: string;
  story: string;
  noStory: string;
  honest: string;
  choose: string;
  taken: string;
  resumed: string;
  discard: string;
  discardSure: string;
  removeSure: string;
  removed: string;
  discarded: string;
  uploads: (n: number) => string;
  sent: string;
  open: string;
  openClaim: string;
  saved: string;
  goodsShort: string;
  reasonShort: string;
  kindShort: string;
  photosShort: string;
}> = {
  zh: {
    title: "申请售后",
    step: (n, of) => `第 ${n} 步，共 ${of} 步`,
    back: "上一步",
    next: "下一步",
    save: "保存并继续",
    send: "提交申请",
    goods: "哪件商品有问题？",
    goodsMany: "几件有问题？",
    goodsHint: "可以选多件。",
    howMany: (bought) => `买了 ${bought} 件，其中几件有问题？`,
    fewer: "减少一件",
    oneMore: "增加一件",
    atMost: (m) => `最多可退 ${m}`,
    gone: (n, of) => (n === of ? "已全部退款、换货或维修" : `${n} 件已退款、换货或维修`),
    paidBack: (m) => `已退 ${m}`,
    claimedUnits: (n, of) => (n === of ? "已全部在处理中的申请里" : `${n} 件已在处理中的申请里`),
    free: (n) => `还可申请 ${n} 件`,
    and: "，",
    reason: "出了什么问题？",
    reasons: {
      damaged: ["商品破损", "碎裂、变形、漏液、包装压坏了商品"],
      quality: ["质量问题", "用不了、有瑕疵、功能不正常"],
      wrong_item: ["发错货", "款式、颜色、尺码或型号不对"],
      missing: ["少件漏发", "少了商品或配件"],
      not_as_described: ["与描述不符", "和商品页写的不一样"],
      expired: ["过期变质", "临期、过期、坏了、有异味"],
      not_received: ["没有收到货", "显示签收，但没有拿到"],
      counterfeit: ["疑似假冒", "怀疑不是正品"],
      other: ["其他原因", "在后面用文字说明"],
    },
    kind: "希望怎么处理？",
    kinds: {
      refund_only: ["仅退款", "退全款，商品不用退回。需要多一张照片"],
      return_refund: ["退货退款", "寄回商品，退全款"],
      exchange: ["换货", "换一件同样的"],
      repair: ["维修", "修好继续用"],
      partial_refund: ["部分退款", "商品留下，退一部分钱"],
    },
    resend: ["重新发货", "再寄一件给你"],
    amount: "希望退多少？",
    amountHint: (most) => `须小于 ${most}`,
    amountWrong: (most) => `请填一个大于 0、小于 ${most} 的金额，例如 20 或 12.50。`,
    whole: (m) => `退款金额 ${m}`,
    evidence: "拍照为证",
    evidenceHint: "照片越清楚，处理越快。原图直接上传，不要裁剪、加滤镜或用软件修过。",
    got: "已有",
    still: "还没有",
    noneNeeded: "这类申请不需要照片。有的话也可以补充，处理起来更快。",
    extra: "还有别的？",
    extraHint: "可选。快递外包装、聊天截图等。",
    words: "用你的话说说",
    wordsHint: "什么时候发现的，是什么样子。商家和审核员都会看到，请不要写电话、住址。",
    wordsLabel: "说明（可选）",
    check: "检查并提交",
    change: "修改",
    missing: (n) => `还差 ${n} 项，补齐后才能提交`,
    ready: "内容齐全，可以提交了",
    toMissing: "去补齐",
    story: "说明",
    noStory: "没有填写",
    honest: "提交后，会检测照片并请商家答复。最终由人裁决，机器不会直接驳回。",
    choose: "请先选一项。",
    taken: "这件商品已有处理中的申请",
    resumed: "接着上次的草稿继续填",
    discard: "放弃草稿",
    discardSure: "放弃后，已填写的内容和照片不再使用。确定吗？",
    discarded: "草稿已放弃",
    removeSure: "移除这份材料？移除后需要重新上传才能恢复。",
    removed: "已移除",
    uploads: (n) => `还有 ${n} 个文件在上传，传完就能提交`,
    sent: "已提交",
    open: "查看申请",
    openClaim: "这个订单已有申请",
    saved: "草稿已保存",
    goodsShort: "商品",
    reasonShort: "原因",
    kindShort: "处理方式",
    photosShort: "照片和视频",
  },
  en: {
    title: "File a claim",
    step: (n, of) => `Step ${n} of ${of}`,
    back: "Back",
    next: "Next",
    save: "Save and go on",
    send: "Send the claim",
    goods: "Which article is it about?",
    goodsMany: "How many are affected?",
    goodsHint: "You may choose several.",
    howMany: (bought) => `You bought ${bought}. How many of them?`,
    fewer: "One fewer",
    oneMore: "One more",
    atMost: (m) => `Up to ${m}`,
    gone: (n, of) =>
      n === of ? "All refunded, exchanged or repaired" : `${n} of ${of} refunded, exchanged or repaired`,
    paidBack: (m) => `${m} paid back already`,
    claimedUnits: (n, of) => (n === of ? "All in an open claim" : `${n} of ${of} in an open claim`),
    free: (n) => (n === 1 ? "one can be claimed" : `${n} can be claimed`),
    and: ", ",
    reason: "What is wrong?",
    reasons: {
      damaged: ["Damaged", "Broken, bent, leaking, crushed on the way"],
      quality: ["Faulty", "Does not work, has a flaw"],
      wrong_item: ["Wrong article", "Another model, colour or size"],
      missing: ["Something missing", "An article or a part was not in the parcel"],
      not_as_described: ["Not as described", "Differs from the shop's page"],
      expired: ["Expired or spoilt", "Past its date, gone off"],
      not_received: ["Never arrived", "Shown as delivered, but you do not have it"],
      counterfeit: ["Suspected fake", "You doubt that it is genuine"],
      other: ["Something else", "Tell us in your own words later"],
    },
    kind: "What would put it right?",
    kinds: {
      refund_only: ["Refund, keep the goods", "The whole price back; one more photo is needed"],
      return_refund: ["Return and refund", "Send it back and get the whole price"],
      exchange: ["Exchange", "The same article again"],
      repair: ["Repair", "Have it mended and keep it"],
      partial_refund: ["Partial refund", "Keep it and get part of the price back"],
    },
    resend: ["Send it again", "Another one is sent to you"],
    amount: "How much would be fair?",
    amountHint: (most) => `Less than ${most}`,
    amountWrong: (most) => `Please enter an amount above 0 and below ${most}, such as 20 or 12.50.`,
    whole: (m) => `Refund of ${m}`,
    evidence: "Show it",
    evidenceHint: "Clear photos settle things sooner. Send them as taken: not cropped, filtered or retouched.",
    got: "Here",
    still: "Still missing",
    noneNeeded: "This kind of claim needs no photo. If you have one, it helps.",
    extra: "Anything else?",
    extraHint: "Optional: the parcel, a screenshot of a chat.",
    words: "In your own words",
    wordsHint:
      "When you noticed it and what it looks like. The shop and a reviewer read this; leave out phone and address.",
    wordsLabel: "What happened (optional)",
    check: "Check and send",
    change: "Change",
    missing: (n) => (n === 1 ? "One thing is still missing" : `${n} things are still missing`),
    ready: "All there, ready to send",
    toMissing: "Add what is missing",
    story: "Your words",
    noStory: "None",
    honest: "Your photos are then examined and the shop is asked. A person rules; no machine refuses a claim.",
    choose: "Please choose one first.",
    taken: "There is an open claim about these goods",
    resumed: "Your draft, as you left it",
    discard: "Discard the draft",
    discardSure: "What you wrote and the photos will not be used. Discard them?",
    discarded: "The draft is discarded",
    removeSure: "Remove this picture? To have it back you would have to send it again.",
    removed: "Removed",
    uploads: (n) => (n === 1 ? "One file is still on its way" : `${n} files are still on their way`),
    sent: "Sent",
    open: "Open the claim",
    openClaim: "There is a claim about this order",
    saved: "Draft saved",
    goodsShort: "Article",
    reasonShort: "What is wrong",
    kindShort: "What you ask for",
    photosShort: "Photos and videos",
  },
};
