import type { Words } from "@/words/language";

/** What the list of claims says. */
export const listWords: Words<{
  title: string;
  about: string;
  search: string;
  find: string;
  state: string;
  kind: string;
  reason: string;
  outcome: string;
  merchant: string;
  any: (name: string) => string;
  from: string;
  to: string;
  due: string;
  clear: string;
  none: string;
  noneAbout: string;
  empty: string;
  emptyAbout: string;
}> = {
  zh: {
    title: "售后申请",
    about: "全部申请。筛选条件在网址里，可以收藏或发给同事。",
    search: "申请编号或订单号",
    find: "查找",
    state: "状态",
    kind: "诉求",
    reason: "原因",
    outcome: "结果",
    merchant: "店铺编号",
    any: (name) => `${name}：全部`,
    from: "提交日期从",
    to: "到",
    due: "按时限排列",
    clear: "清除筛选",
    none: "没有符合条件的申请",
    noneAbout: "放宽筛选条件再看看。",
    empty: "还没有售后申请",
    emptyAbout: "买家提交后会出现在这里。",
  },
  en: {
    title: "Claims",
    about: "All claims. What is filtered stands in the address, to be kept or sent to a colleague.",
    search: "Claim or order number",
    find: "Find",
    state: "State",
    kind: "Asked for",
    reason: "Reason",
    outcome: "Outcome",
    merchant: "Shop's number",
    any: (name) => `${name}: any`,
    from: "Filed from",
    to: "to",
    due: "By time left",
    clear: "Clear",
    none: "No claim is like this",
    noneAbout: "Loosen the filters a little.",
    empty: "There are no claims yet",
    emptyAbout: "They appear here once buyers file them.",
  },
};
