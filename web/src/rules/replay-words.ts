import type { Words } from "@/words/language";

export const replayWords: Words<{
  about: string;
  from: string;
  to: string;
  run: string;
  running: string;
  nothing: string;
  nothingAbout: string;
  claims: string;
  different: string;
  differentAbout: (share: string) => string;
  honest: string;
  honestAbout: string;
  forged: string;
  forgedAbout: string;
  hours: string;
  hoursAbout: (before: string, after: string) => string;
  skipped: (n: number) => string;
  failed: (n: number) => string;
  byAction: string;
  action: string;
  before: string;
  after: string;
  change: string;
  ofHonest: string;
  ofForged: string;
  money: string;
  moneyAbout: string;
  currency: string;
  toForged: string;
  noMoney: string;
  list: string;
  listAbout: (shown: number, all: number) => string;
  claim: string;
  way: string;
  amount: string;
  truth: string;
  appealed: string;
  same: string;
  estimate: string;
}> = {
  zh: {
    about: "把这份文本套用到已结束的申请上，看哪些会走不同的路。什么都不会改变。",
    from: "开始日期",
    to: "结束日期",
    run: "开始试算",
    running: "正在试算…",
    nothing: "这段时间没有已结束的申请",
    nothingAbout: "换一个更长的时间范围再试。",
    claims: "参与试算的申请",
    different: "走向不同",
    differentAbout: (share) => `占 ${share}`,
    honest: "如实买家受影响",
    honestAbout: "最终获支持、但会走不同的路",
    forged: "不实申请受影响",
    forgedAbout: "经人工认定不实、会走不同的路",
    hours: "总耗时变化（估计）",
    hoursAbout: (before, after) => `${before} → ${after} 小时`,
    skipped: (n) => `${n} 件没有流转记录，未参与`,
    failed: (n) => `${n} 件条件无法计算，已转人工`,
    byAction: "按动作",
    action: "动作",
    before: "原来",
    after: "试算",
    change: "变化",
    ofHonest: "其中如实",
    ofForged: "其中不实",
    money: "立即支付的金额",
    moneyAbout: "无人裁决、按规则直接支付的部分。",
    currency: "币种",
    toForged: "付给不实申请",
    noMoney: "没有按规则直接支付的金额。",
    list: "走向不同的申请",
    listAbout: (shown, all) => (shown < all ? `列出前 ${shown} 件，共 ${all} 件` : `共 ${all} 件`),
    claim: "申请",
    way: "走向",
    amount: "金额",
    truth: "事后认定",
    appealed: "有申诉",
    same: "这份文本与当时的走向完全一致。",
    estimate: "走向改变后双方会怎么做，无人能知；因此每件只在第一次出现分歧处比较，小时数是估计值。",
  },
  en: {
    about: "Puts this text to claims that are over, and shows which would have gone another way. Nothing changes.",
    from: "From",
    to: "To",
    run: "Replay",
    running: "Replaying…",
    nothing: "No claim ended in this span",
    nothingAbout: "Try a longer one.",
    claims: "Claims replayed",
    different: "Go another way",
    differentAbout: (share) => `${share} of them`,
    honest: "Honest buyers touched",
    honestAbout: "granted in the end, but would go another way",
    forged: "Forgeries touched",
    forgedAbout: "refused by a person as not genuine, and would go another way",
    hours: "Hours in all, estimated",
    hoursAbout: (before, after) => `${before} → ${after} h`,
    skipped: (n) => `${n} without a routing, left out`,
    failed: (n) => `${n} whose condition could not be computed; they went to a person`,
    byAction: "By action",
    action: "Action",
    before: "Before",
    after: "After",
    change: "Change",
    ofHonest: "of honest",
    ofForged: "of forged",
    money: "Money paid at once",
    moneyAbout: "By rule alone, with no ruling by a person.",
    currency: "Currency",
    toForged: "to forged claims",
    noMoney: "Nothing is paid by rule alone.",
    list: "Claims that go another way",
    listAbout: (shown, all) => (shown < all ? `The first ${shown} of ${all}` : `${all} in all`),
    claim: "Claim",
    way: "Way",
    amount: "Amount",
    truth: "Turned out",
    appealed: "appealed",
    same: "With this text every claim goes the way it went.",
    estimate:
      "Nobody can know what the sides would have done on another way, so each claim is compared where it first parts; hours are estimates.",
  },
};
