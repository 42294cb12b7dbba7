import type { Words } from "@/words/language";

export const figureWords: Words<{
  title: string;
  about: string;
  span: string;
  days: (n: number) => string;
  none: string;
  noneAbout: string;
  claims: string;
  stillOpen: (n: number) => string;
  won: string;
  lost: string;
  settled: string;
  open: string;
  median: string;
  medianAbout: string;
  inTime: string;
  silent: (n: number) => string;
  months: string;
  month: string;
  asTable: string;
  byReason: string;
  reason: string;
  byCode: string;
  noCodes: string;
  times: (n: number) => string;
  meaning: string;
}> = {
  zh: {
    title: "胜负统计",
    about: "本店的售后申请怎样收场，为什么，答复有多快。",
    span: "统计时段",
    days: (n) => (n === 365 ? "近一年" : `近 ${n} 天`),
    none: "这段时间没有售后申请",
    noneAbout: "换一个更长的时段看看。",
    claims: "申请",
    stillOpen: (n) => `其中 ${n} 件处理中`,
    won: "胜",
    lost: "负",
    settled: "了结",
    open: "处理中",
    median: "答复用时",
    medianAbout: "一半的答复在此时间内",
    inTime: "按时答复",
    silent: (n) => (n > 0 ? `逾期未答 ${n} 件` : "没有逾期"),
    months: "每月",
    month: "月份",
    asTable: "以表格查看",
    byReason: "按申请原因",
    reason: "原因",
    byCode: "裁决理由",
    noCodes: "这段时间没有人工裁决。",
    times: (n) => `${n} 件`,
    meaning:
      "胜：裁决没有支持买家，或买家撤回、逾期。负：裁决支持或部分支持买家，或本店逾期未答。了结：同意、协商或按事先约定处理。",
  },
  en: {
    title: "Won and lost",
    about: "How claims on this shop ended, why, and how soon it answered.",
    span: "Period",
    days: (n) => (n === 365 ? "The last year" : `The last ${n} days`),
    none: "No claims in this period",
    noneAbout: "Try a longer one.",
    claims: "Claims",
    stillOpen: (n) => `${n} of them still open`,
    won: "Won",
    lost: "Lost",
    settled: "Settled",
    open: "Open",
    median: "Time to answer",
    medianAbout: "Half of the answers came within this",
    inTime: "Answered in time",
    silent: (n) => (n > 0 ? `${n} left unanswered` : "None left unanswered"),
    months: "By month",
    month: "Month",
    asTable: "Show as a table",
    byReason: "By what buyers say is wrong",
    reason: "Reason",
    byCode: "Why people ruled so",
    noCodes: "Nobody had to rule in this period.",
    times: (n) => (n === 1 ? "1 claim" : `${n} claims`),
    meaning:
      "Won: the ruling was not for the buyer, or the buyer withdrew or stayed away. Lost: granted in full or in part, or left unanswered. Settled: agreed, by an offer or by standing consent.",
  },
};
