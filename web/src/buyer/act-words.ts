import type { Words } from "@/words/language";

/** What a buyer can do with a claim, and what follows from it. */
export const actWords: Words<{
  answer: string;
  answerLabel: string;
  answerHint: string;
  send: string;
  sent: string;
  needSomething: string;
  offer: string;
  offerBy: string;
  accept: string;
  acceptSure: (what: string) => string;
  decline: string;
  accepted: string;
  declined: string;
  add: string;
  addAbout: string;
  withdraw: string;
  withdrawAbout: string;
  withdrawSure: string;
  withdrawn: string;
  appeal: string;
  appealAbout: string;
  appealLabel: string;
  appealNeed: string;
  appealed: string;
}> = {
  zh: {
    answer: "补充材料",
    answerLabel: "你的说明",
    answerHint: "商家和审核员都会看到，请不要写电话、住址。",
    send: "提交补充",
    sent: "已提交补充",
    needSomething: "请写几句话，或者补充一张照片。",
    offer: "收到的方案",
    offerBy: "附言",
    accept: "接受方案",
    acceptSure: (what) => `接受后按“${what}”了结，申请随即结束，不能再申诉。`,
    decline: "不接受",
    accepted: "已接受方案",
    declined: "已回复：不接受，申请继续处理",
    add: "补充照片",
    addAbout: "想到更能说明问题的照片，随时可以补充，不影响进度。",
    withdraw: "撤回申请",
    withdrawAbout: "问题已经解决？",
    withdrawSure: "撤回后申请立即结束，不会退款。同一件商品以后还可以重新申请。",
    withdrawn: "申请已撤回",
    appeal: "申诉",
    appealAbout: "由另一位审核员重新审阅，结果是最终裁决。有新的照片，请先在下面补充。",
    appealLabel: "为什么不认同？",
    appealNeed: "请写明为什么不认同，哪怕一句话。",
    appealed: "申诉已提交",
  },
  en: {
    answer: "Send what is asked",
    answerLabel: "Your answer",
    answerHint: "The shop and a reviewer read this; leave out phone and address.",
    send: "Send the answer",
    sent: "Your answer is sent",
    needSomething: "Write a few words, or add a photo.",
    offer: "The offer",
    offerBy: "With it",
    accept: "Accept the offer",
    acceptSure: (what) => `This settles your claim with ${what}. The claim is closed then and cannot be appealed.`,
    decline: "Decline",
    accepted: "You accepted the offer",
    declined: "Declined; your claim goes on",
    add: "Add photos",
    addAbout: "Have a photo that shows it better? Add it at any time; nothing is held up by it.",
    withdraw: "Withdraw the claim",
    withdrawAbout: "Has it been put right?",
    withdrawSure: "The claim ends at once and nothing is refunded. You may file again about the same goods.",
    withdrawn: "The claim is withdrawn",
    appeal: "Appeal",
    appealAbout: "Somebody else reads the whole case, and that ruling is final. Add new photos below first.",
    appealLabel: "What is wrong with the decision?",
    appealNeed: "Please say what is wrong with it, if only in a sentence.",
    appealed: "Your appeal is sent",
  },
};
