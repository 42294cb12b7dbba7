import type { Words } from "@/words/language";

export const reviewWords: Words<{
  title: string;
  summary: (total: number) => string;
  overdue: string;
  soon: string;
  mine: string;
  all: string;
  take: string;
  nothing: string;
  nothingAbout: string;
  none: string;
  noneAbout: string;
  clear: string;
  unselect: string;
  keys: string;
  stakes: string;
  stakesOf: string[];
  task: string;
  kind: string;
  reason: string;
  senior: string;
  seniorOnly: string;
  search: string;
  views: string;
  saveView: string;
  viewName: string;
  remove: string;
  viewsNone: string;
  columns: { due: string; stakes: string; what: string; amount: string; finding: string; words: string };
  held: string;
  heldByMe: string;
  more: string;
  select: (id: string) => string;
  selected: (n: number) => string;
  bulk: string;
  open: string;
  shop: string;
}> = {
  zh: {
    title: "审核队列",
    summary: (n) => `${n} 件待处理，按时限与轻重排序`,
    overdue: "已超时",
    soon: "两小时内到期",
    mine: "我领取的",
    all: "全部",
    take: "领取下一件",
    nothing: "队列空了",
    nothingAbout: "没有等待处理的案件。新案件到达时会自动出现在这里。",
    none: "没有符合条件的案件",
    noneAbout: "换个筛选条件试试。",
    clear: "清除筛选",
    unselect: "取消选择",
    keys: "快捷键",
    stakes: "轻重",
    stakesOf: ["轻", "一般", "重", "很重"],
    task: "任务",
    kind: "诉求",
    reason: "原因",
    senior: "高级",
    seniorOnly: "仅需高级审核",
    search: "按申请编号查找",
    views: "常用视图",
    saveView: "保存当前筛选",
    viewName: "视图名称",
    remove: "删除",
    viewsNone: "先选好筛选条件，就可以在这里起名保存。",
    columns: {
      due: "时限",
      stakes: "轻重",
      what: "诉求与原因",
      amount: "金额",
      finding: "最强发现",
      words: "买家陈述",
    },
    held: "他人处理中",
    heldByMe: "我已领取",
    more: "加载更多",
    select: (id) => `选择 ${id}`,
    selected: (n) => `已选 ${n} 件`,
    bulk: "批量处理",
    open: "打开案件",
    shop: "店铺",
  },
  en: {
    title: "Review queue",
    summary: (n) => `${n} waiting, by deadline and stakes`,
    overdue: "Overdue",
    soon: "Due within 2 h",
    mine: "Mine",
    all: "All",
    take: "Take the next case",
    nothing: "The queue is empty",
    nothingAbout: "No case is waiting. New ones appear here by themselves.",
    none: "No case matches",
    noneAbout: "Try other filters.",
    clear: "Clear filters",
    unselect: "Select none",
    keys: "Keys",
    stakes: "Stakes",
    stakesOf: ["Low", "Normal", "High", "Very high"],
    task: "Task",
    kind: "Asks for",
    reason: "Reason",
    senior: "Senior",
    seniorOnly: "Senior only",
    search: "Find a claim number",
    views: "Saved views",
    saveView: "Save these filters",
    viewName: "Name of the view",
    remove: "Delete",
    viewsNone: "Set filters first; they can then be kept here under a name.",
    columns: {
      due: "Deadline",
      stakes: "Stakes",
      what: "Asks for, because",
      amount: "Amount",
      finding: "Strongest finding",
      words: "The buyer's words",
    },
    held: "Held by somebody else",
    heldByMe: "You hold it",
    more: "Load more",
    select: (id) => `Select ${id}`,
    selected: (n) => `${n} selected`,
    bulk: "Act on them",
    open: "Open the case",
    shop: "Shop",
  },
};
