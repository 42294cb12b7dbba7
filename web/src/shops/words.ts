import type { Words } from "@/words/language";

/** What the list of shops and one shop's figures say. */
export const shopWords: Words<{
  shops: string;
  shopsAbout: string;
  shop: string;
  number: string;
  claims: string;
  granted: string;
  settled: string;
  refused: string;
  consent: string;
  noConsent: string;
  upTo: (money: string) => string;
  figures: string;
  list: string;
  close: string;
  won: string;
  lost: string;
  open: string;
  median: string;
  inTime: string;
  silent: (n: number) => string;
  noShops: string;
  noShopsAbout: string;
  reason: string;
  byReason: string;
}> = {
  zh: {
    shops: "店铺",
    shopsAbout:
      "每家店铺的申请怎样收场、答复得怎么样、事先同意了什么。数字是所选时段内提交的申请；只为申请最多的二十家列出，其余点开查看。",
    shop: "店铺",
    number: "编号",
    claims: "申请",
    granted: "支持买家",
    settled: "了结",
    refused: "驳回",
    consent: "事先同意",
    noConsent: "没有",
    upTo: (money) => `不超过 ${money}`,
    figures: "查看统计",
    list: "查看申请",
    close: "收起",
    won: "胜",
    lost: "负",
    open: "处理中",
    median: "答复用时中位数",
    inTime: "按时答复",
    silent: (n) => (n > 0 ? `逾期未答 ${n} 件` : "没有逾期"),
    noShops: "还没有店铺",
    noShopsAbout: "平台通过接口登记店铺后会出现在这里。",
    reason: "原因",
    byReason: "按原因",
  },
  en: {
    shops: "Shops",
    shopsAbout:
      "How each shop's claims ended, how it answers, and what it agreed to beforehand. Numbers are of claims filed in the chosen time, for the twenty shops with most; open any other to see its own.",
    shop: "Shop",
    number: "Number",
    claims: "Claims",
    granted: "For the buyer",
    settled: "Settled",
    refused: "Refused",
    consent: "Agreed beforehand",
    noConsent: "Nothing",
    upTo: (money) => `up to ${money}`,
    figures: "Figures",
    list: "Claims",
    close: "Close",
    won: "Won",
    lost: "Lost",
    open: "Open",
    median: "Median time to answer",
    inTime: "Answered in time",
    silent: (n) => (n > 0 ? `${n} left unanswered` : "None left unanswered"),
    noShops: "There are no shops yet",
    noShopsAbout: "They appear here once the platform registers them through the API.",
    reason: "Reason",
    byReason: "By reason",
  },
};
