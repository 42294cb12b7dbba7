import type { Words } from "@/words/language";

export const ruleWords: Words<{
  title: string;
  consent: string;
  consentAbout: string;
  now: string;
  none: string;
  on: string;
  onAbout: string;
  kinds: string;
  kindsWrong: string;
  upTo: string;
  upToHint: string;
  upToWrong: string;
  reasons: string;
  categories: string;
  categoriesHint: string;
  save: string;
  saved: string;
  takenBack: string;
  announced: string;
  announcedAbout: string;
  noneAnnounced: string;
  noneAnnouncedAbout: string;
  major: string;
  from: (when: string) => string;
}> = {
  zh: {
    title: "店铺规则",
    consent: "事先同意",
    consentAbout:
      "小额申请可以事先同意直接处理，不用逐单答复。由本店自己决定，随时可以收回；检测有疑点的申请仍会先问你。",
    now: "目前：",
    none: "没有事先同意，每个申请都会先请你答复。",
    on: "事先同意小额申请",
    onAbout: "关闭后，新的申请都会先请你答复；已处理的不受影响。",
    kinds: "适用的处理方式",
    kindsWrong: "请至少选一种。",
    upTo: "单笔上限（元）",
    upToHint: "不超过这个金额的申请才直接处理。",
    upToWrong: "请填大于 0 的金额，例如 50 或 49.90。",
    reasons: "仅限这些原因（不选表示不限）",
    categories: "仅限这些类目（不填表示不限）",
    categoriesHint: "用逗号分开，名称须与商品类目一致。",
    save: "保存",
    saved: "已保存，新的申请按此处理",
    takenBack: "已收回事先同意",
    announced: "公示中的平台规则",
    announcedAbout: "平台修改规则须先公示。下面是将要生效的变化。",
    noneAnnounced: "没有公示中的规则",
    noneAnnouncedAbout: "平台规则近期没有变化。",
    major: "重大变更",
    from: (when) => `${when} 起生效`,
  },
  en: {
    title: "Shop rules",
    consent: "Standing consent",
    consentAbout:
      "You may agree beforehand that small claims are settled without asking you each time. It is yours to give and to take back; where the examination raises a doubt, you are still asked.",
    now: "Now:",
    none: "No consent is given; you are asked about every claim.",
    on: "Agree to small claims beforehand",
    onAbout: "Switched off, you are asked about every new claim; what is settled stays settled.",
    kinds: "For claims that ask for",
    kindsWrong: "Please choose at least one.",
    upTo: "Up to, each (yuan)",
    upToHint: "Only claims of at most this amount are settled without asking.",
    upToWrong: "Please enter an amount above 0, such as 50 or 49.90.",
    reasons: "Only for these reasons (none chosen: any)",
    categories: "Only for these categories (empty: any)",
    categoriesHint: "With commas between them, named as in your goods' category.",
    save: "Save",
    saved: "Saved; new claims follow it",
    takenBack: "The consent is taken back",
    announced: "Rules under public notice",
    announcedAbout: "Changes of the platform's rules are announced before they count. These are coming.",
    noneAnnounced: "No rules are under notice",
    noneAnnouncedAbout: "Nothing is about to change.",
    major: "Major change",
    from: (when) => `From ${when}`,
  },
};
