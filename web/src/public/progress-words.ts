import type { Words } from "@/words/language";

export const progressWords: Words<{
  title: string;
  about: string;
  number: string;
  numberHint: string;
  look: string;
  other: string;
  none: string;
  noneAbout: string;
  filed: string;
  updated: string;
  until: (clock: string) => string;
  steps: string;
  refresh: string;
  signIn: string;
  signInAbout: string;
  says: Record<string, string>;
  stepNames: Record<string, string>;
}> = {
  zh: {
    title: "查询进度",
    about: "输入申请编号，看看办到哪一步。这里不显示任何个人信息。",
    number: "申请编号",
    numberHint: "提交申请后显示的编号，也在通知里。",
    look: "查询",
    other: "查另一个",
    none: "没有这个编号的申请",
    noneAbout: "请核对编号，一个字符也不能少。",
    filed: "提交于",
    updated: "最近进展",
    until: (clock) => `${clock}截止`,
    steps: "经过",
    refresh: "刷新",
    signIn: "登录查看全部",
    signInAbout: "想看证据、裁决理由，或要补充、申诉？",
    says: {
      screening: "平台正在检测证据，通常几分钟内完成。",
      awaiting_merchant: "正在等商家答复。商家逾期不答，申请会继续往下走。",
      awaiting_buyer: "正在等买家补充材料。请在截止前补上，逾期申请可能失效。",
      awaiting_reply: "商家提出了方案，正在等买家答复。",
      review: "审核员正在查看双方的证据，由人作出裁决。",
      visit: "将安排师傅上门查看。",
      "decided/granted": "裁决支持了申请。申诉期结束后生效。",
      "decided/partly": "裁决部分支持了申请。申诉期结束后生效。",
      "decided/refused": "裁决没有支持申请。申诉期内双方都可以申诉。",
      decided: "已经裁决。申诉期内双方都可以申诉。",
      "closed/granted": "已结案：申请得到支持。",
      "closed/partly": "已结案：申请得到部分支持。",
      "closed/refused": "已结案：申请没有得到支持。",
      "closed/settled": "已结案：双方达成一致。",
      "closed/lapsed": "已结案：逾期没有回应，申请失效。",
      "closed/withdrawn": "已结案：申请已撤回。",
      closed: "已结案。",
    },
    stepNames: {
      submitted: "提交申请",
      merchant_asked: "请商家答复",
      buyer_asked: "请买家补充材料",
      offered: "提出处理方案",
      sent_to_review: "转人工审核",
      visit_asked: "安排上门查看",
      settled: "双方了结",
      settled_by_silence: "商家逾期未答，按申请处理",
      contested: "商家提出异议",
      accepted: "商家同意",
      supplemented: "买家补充了材料",
      offer_accepted: "买家接受方案",
      offer_declined: "买家没有接受方案",
      lapsed: "逾期失效",
      decided: "作出裁决",
      visited: "上门查看完毕",
      appealed: "提出申诉",
      closed: "结案",
      withdrawn: "撤回申请",
      remedy_done: "处理结果已执行",
      remedy_failed: "处理结果未能执行",
      remedy_ordered_again: "重新执行处理结果",
    },
  },
  en: {
    title: "Where is my claim?",
    about: "Enter the claim's number to see how far it has come. Nothing personal is shown here.",
    number: "Claim number",
    numberHint: "It was shown when the claim was filed, and stands in every message.",
    look: "Look it up",
    other: "Look up another",
    none: "There is no claim with this number",
    noneAbout: "Please check it: every character counts.",
    filed: "Filed",
    updated: "Last change",
    until: (clock) => `${clock} by`,
    steps: "What has happened",
    refresh: "Refresh",
    signIn: "Sign in to see everything",
    signInAbout: "To see the evidence and the reasons, to add something or to appeal:",
    says: {
      screening: "The evidence is being examined. That usually takes minutes.",
      awaiting_merchant: "The shop has been asked. If it does not answer in time, the claim moves on without it.",
      awaiting_buyer: "The buyer has been asked for something more. Without it the claim may lapse.",
      awaiting_reply: "The shop has made an offer, and the buyer may take it or leave it.",
      review: "A reviewer is looking at what both sides sent in. A person decides.",
      visit: "A technician will come and have a look.",
      "decided/granted": "The claim was granted. It takes effect once the time for appeals is over.",
      "decided/partly": "The claim was granted in part. It takes effect once the time for appeals is over.",
      "decided/refused": "The claim was refused. Either side may still appeal.",
      decided: "The claim is decided. Either side may still appeal.",
      "closed/granted": "Closed: the claim was granted.",
      "closed/partly": "Closed: the claim was granted in part.",
      "closed/refused": "Closed: the claim was refused.",
      "closed/settled": "Closed: both sides agreed.",
      "closed/lapsed": "Closed: there was no reply in time, and the claim lapsed.",
      "closed/withdrawn": "Closed: the claim was withdrawn.",
      closed: "The claim is closed.",
    },
    stepNames: {
      submitted: "Claim filed",
      merchant_asked: "The shop was asked",
      buyer_asked: "The buyer was asked for more",
      offered: "An offer was made",
      sent_to_review: "Handed to a reviewer",
      visit_asked: "A visit was asked for",
      settled: "Settled by both sides",
      settled_by_silence: "The shop stayed silent; done as asked",
      contested: "The shop objected",
      accepted: "The shop agreed",
      supplemented: "The buyer sent in more",
      offer_accepted: "The buyer took the offer",
      offer_declined: "The buyer left the offer",
      lapsed: "Lapsed",
      decided: "Decided",
      visited: "The visit took place",
      appealed: "Appealed",
      closed: "Closed",
      withdrawn: "Withdrawn",
      remedy_done: "The remedy was carried out",
      remedy_failed: "The remedy could not be carried out",
      remedy_ordered_again: "The remedy was ordered again",
    },
  },
};
