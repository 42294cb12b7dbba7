import type { Words } from "@/words/language";
import type { Tab } from "./tabs";

type ByTab = Record<Tab["name"], string>;

export const inboxWords: Words<{
  title: string;
  tabs: string;
  names: ByTab;
  search: string;
  find: string;
  none: ByTab;
  noneAbout: ByTab;
  noneFound: string;
  noneFoundAbout: string;
  noWords: string;
}> = {
  zh: {
    title: "售后申请",
    tabs: "按进度",
    names: { answer: "待答复", going: "处理中", decided: "已裁决", closed: "已结案", all: "全部" },
    search: "申请编号或订单号",
    find: "查找",
    none: {
      answer: "没有待答复的申请",
      going: "没有处理中的申请",
      decided: "没有在申诉期内的裁决",
      closed: "没有已结案的申请",
      all: "还没有售后申请",
    },
    noneAbout: {
      answer: "有新的申请，会立即出现在这里并开始计时。",
      going: "正在检测、等买家或在审核的申请会列在这里。",
      decided: "裁决后的申诉期内，可以在这里找到并申诉。",
      closed: "结案的申请会保留在这里。",
      all: "买家提交后会出现在这里。",
    },
    noneFound: "没有找到",
    noneFoundAbout: "编号从头开始匹配，请检查是否输入完整的开头。",
    noWords: "没有写说明",
  },
  en: {
    title: "Claims",
    tabs: "By progress",
    names: { answer: "To answer", going: "In progress", decided: "Decided", closed: "Closed", all: "All" },
    search: "Claim or order number",
    find: "Find",
    none: {
      answer: "Nothing to answer",
      going: "Nothing in progress",
      decided: "No decision can be appealed now",
      closed: "Nothing closed yet",
      all: "No claims yet",
    },
    noneAbout: {
      answer: "A new claim shows up here at once, and its time starts to run.",
      going: "Claims being examined, with the buyer or in review are listed here.",
      decided: "While the window for an appeal is open, you find the decision here.",
      closed: "Closed claims are kept here.",
      all: "They show up here once a buyer files one.",
    },
    noneFound: "Nothing found",
    noneFoundAbout: "Numbers are matched from their beginning; please check what you typed.",
    noWords: "No words",
  },
};
