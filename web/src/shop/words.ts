import type { Words } from "@/words/language";

/** What a shop's page of a claim says. */
export const answerWords: Words<{
  title: string;
  accept: string;
  acceptAbout: string;
  acceptSure: (what: string) => string;
  accepted: string;
  offer: string;
  offerAbout: string;
  offered: string;
  contest: string;
  contestAbout: string;
  contested: string;
  text: string;
  textHint: string;
  contestText: string;
  contestHint: string;
  contestNeed: string;
  offerKind: string;
  amount: string;
  amountHint: (most: string) => string;
  amountWrong: (most: string) => string;
  costs: (m: string) => string;
  free: string;
  packing: string;
  packingAbout: string;
  send: string;
  sendOffer: string;
  sendContest: string;
  sendAny: string;
  choose: string;
  wait: string;
  found: string;
  foundNone: string;
  foundWait: string;
  foundAbout: string;
  appeal: string;
  appealAbout: string;
  appealLabel: string;
  appealNeed: string;
  appealed: string;
  addMore: string;
  addMoreAbout: string;
  stillAccept: string;
  back: string;
  buyerSays: string;
  noWords: string;
}> = {
  zh: {
    title: "怎么答复？",
    accept: "同意",
    acceptAbout: "按买家的申请处理，立即结案",
    acceptSure: (what) => `按“${what}”处理，立即结案，不能撤销。`,
    accepted: "已同意",
    offer: "协商",
    offerAbout: "换一个方案，由买家决定",
    offered: "方案已发给买家",
    contest: "有异议",
    contestAbout: "说明情况、附打包记录，由人审核",
    contested: "异议已提交",
    text: "附言（可选）",
    textHint: "买家和审核员都会看到。",
    contestText: "为什么不认同？",
    contestHint: "写清发货时的状态。打包照片、称重记录、监控片段最有说服力。买家和审核员都会看到。",
    contestNeed: "请写明理由，或者附上打包记录。",
    offerKind: "方案",
    amount: "退款金额",
    amountHint: (most) => `申请金额 ${most}，部分退款须低于它`,
    amountWrong: (most) => `请填大于 0、低于 ${most} 的金额，例如 20 或 12.50。`,
    costs: (m) => `店铺退款 ${m}`,
    free: "不退款",
    packing: "打包照片或视频",
    packingAbout: "发货前拍的最好，原图直接上传。",
    send: "同意并结案",
    sendOffer: "发给买家",
    sendContest: "提交异议",
    sendAny: "提交答复",
    choose: "请先选一种答复。",
    wait: "还有文件在上传，传完就能提交。",
    found: "鉴定发现",
    foundNone: "没有发现异常",
    foundWait: "证据还在鉴定",
    foundAbout: "鉴定发现只作参考，由人裁决。",
    appeal: "申诉",
    appealAbout: "由另一位审核员重新审阅，结果是最终裁决。有新的证据，请先补充。",
    appealLabel: "为什么不认同裁决？",
    appealNeed: "请写明理由，哪怕一句话。",
    appealed: "申诉已提交",
    addMore: "补充证据",
    addMoreAbout: "打包照片、视频随时可以补充，不影响进度。",
    stillAccept: "改为同意",
    back: "返回列表",
    buyerSays: "买家说",
    noWords: "买家没有写说明",
  },
  en: {
    title: "Your answer",
    accept: "Agree",
    acceptAbout: "Do what the buyer asks; the claim is closed at once",
    acceptSure: (what) => `This gives the buyer ${what} and closes the claim. It cannot be undone.`,
    accepted: "You agreed",
    offer: "Offer something else",
    offerAbout: "The buyer decides whether to take it",
    offered: "Your offer is with the buyer",
    contest: "Object",
    contestAbout: "Say why and add packing records; a person reads it",
    contested: "Your objection is sent",
    text: "A word with it (optional)",
    textHint: "The buyer and a reviewer read this.",
    contestText: "Why do you object?",
    contestHint:
      "Say how it left you. Packing photos, weights and camera footage convince most. The buyer and a reviewer read this.",
    contestNeed: "Please say why, or add packing records.",
    offerKind: "Offer",
    amount: "Refund",
    amountHint: (most) => `The buyer asks for ${most}; a partial refund is less`,
    amountWrong: (most) => `Please enter an amount above 0 and below ${most}, such as 20 or 12.50.`,
    costs: (m) => `You pay back ${m}`,
    free: "No money is paid back",
    packing: "Packing photos or video",
    packingAbout: "Best from before it was sent, and as they were taken.",
    send: "Agree and close",
    sendOffer: "Send to the buyer",
    sendContest: "Send the objection",
    sendAny: "Send your answer",
    choose: "Please choose an answer first.",
    wait: "Files are still on their way.",
    found: "What was found",
    foundNone: "Nothing unusual was found",
    foundWait: "The evidence is still being examined",
    foundAbout: "That informs a person's decision; it never replaces one.",
    appeal: "Appeal",
    appealAbout: "Somebody else reads the whole case, and that ruling is final. Add new evidence first.",
    appealLabel: "What is wrong with the decision?",
    appealNeed: "Please say what is wrong with it, if only in a sentence.",
    appealed: "Your appeal is sent",
    addMore: "Add evidence",
    addMoreAbout: "Packing photos and videos may come at any time; nothing is held up by them.",
    stillAccept: "Agree after all",
    back: "Back to the list",
    buyerSays: "The buyer says",
    noWords: "The buyer added no words",
  },
};
