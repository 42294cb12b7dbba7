import type { Words } from "@/words/language";

export const figureWords: Words<{
  overview: string;
  overviewAbout: string;
  now: string;
  open: string;
  inSpan: string;
  openedClosed: string;
  opened: string;
  closed: string;
  day: string;
  asTable: string;
  byReason: string;
  reason: string;
  claims: string;
  granted: string;
  partly: string;
  refused: string;
  settled: string;
  lapsed: string;
  stillOpen: string;
  money: string;
  currency: string;
  claimed: string;
  refunded: string;
  share: string;
  agreement: string;
  agreementShare: string;
  agreementAbout: (agreed: number, readings: number) => string;
  kappa: string;
  kappaAbout: string;
  kappaFew: (n: number) => string;
  noAgreement: string;
  topShops: string;
  shop: string;
  topFindings: string;
  finding: string;
  allDetectors: string;
  allShops: string;
  allClaims: string;
  upheld: string;
  overturned: string;
  undecided: string;
  none: string;
  noneAbout: string;
  counted: (at: string) => string;
  meaning: string;
}> = {
  zh: {
    overview: "概览",
    overviewAbout: "此刻有多少申请、停在哪一步，以及一段时间里的来去、结果和金额。",
    now: "此刻",
    open: "未结案",
    inSpan: "这段时间提交的申请",
    openedClosed: "每日提交与结案",
    opened: "提交",
    closed: "结案",
    day: "日期",
    asTable: "以表格查看",
    byReason: "按原因",
    reason: "原因",
    claims: "申请",
    granted: "支持",
    partly: "部分支持",
    refused: "驳回",
    settled: "了结",
    lapsed: "失效或撤回",
    stillOpen: "未定",
    money: "金额",
    currency: "币种",
    claimed: "申请",
    refunded: "退还",
    share: "占比",
    agreement: "盲审一致",
    agreementShare: "一致率",
    agreementAbout: (agreed, readings) => `${readings} 次盲审中 ${agreed} 次结论相同`,
    kappa: "科恩 κ",
    kappaAbout: "扣除碰巧相同的部分；0.6 以上算良好",
    kappaFew: (n) => `满 ${n} 次盲审后计算`,
    noAgreement: "这段时间还没有盲审。",
    topShops: "申请最多的店铺",
    shop: "店铺",
    topFindings: "鉴定发现",
    finding: "发现",
    allDetectors: "误报监测",
    allShops: "全部店铺",
    allClaims: "全部申请",
    upheld: "采信",
    overturned: "推翻",
    undecided: "未涉及",
    none: "这段时间没有申请",
    noneAbout: "换一个更长的时段看看。",
    counted: (at) => `统计于 ${at}`,
    meaning: "结果以最终裁决为准：还能申诉的申请算作未定。",
  },
  en: {
    overview: "Overview",
    overviewAbout:
      "How many claims there are and where they stand, and what came, went and was paid in a span of time.",
    now: "Now",
    open: "Not closed",
    inSpan: "Claims filed in this time",
    openedClosed: "Filed and closed by day",
    opened: "Filed",
    closed: "Closed",
    day: "Day",
    asTable: "Show as a table",
    byReason: "By reason",
    reason: "Reason",
    claims: "Claims",
    granted: "Granted",
    partly: "In part",
    refused: "Refused",
    settled: "Settled",
    lapsed: "Lapsed, withdrawn",
    stillOpen: "Open",
    money: "Money",
    currency: "Currency",
    claimed: "Claimed",
    refunded: "Refunded",
    share: "Share",
    agreement: "Second readings",
    agreementShare: "Agreement",
    agreementAbout: (agreed, readings) => `${agreed} of ${readings} readings came to the same outcome`,
    kappa: "Cohen's κ",
    kappaAbout: "What chance would give is taken off; above 0.6 is good",
    kappaFew: (n) => `From ${n} second readings on`,
    noAgreement: "There was no second reading in this time.",
    topShops: "Shops with most claims",
    shop: "Shop",
    topFindings: "Findings",
    finding: "Finding",
    allDetectors: "False alarms",
    allShops: "All shops",
    allClaims: "All claims",
    upheld: "Upheld",
    overturned: "Overturned",
    undecided: "Not ruled on",
    none: "No claims in this time",
    noneAbout: "Try a longer one.",
    counted: (at) => `Counted ${at}`,
    meaning: "Outcomes are final ones: a claim that can still be appealed counts as open.",
  },
};
