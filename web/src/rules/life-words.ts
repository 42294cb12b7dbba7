import type { Words } from "@/words/language";

export const lifeWords: Words<{
  status: string;
  drafted: string;
  system: string;
  approval: (n: number) => string;
  announced: string;
  from: string;
  retired: string;
  notice: string;
  major: string;
  minor: string;
  hash: string;
  another: string;
  approve: string;
  approveFirst: string;
  approveSecond: string;
  firstAbout: string;
  secondAbout: (major: boolean) => string;
  later: string;
  laterHint: string;
  approvedOnce: string;
  nowAnnounced: string;
  shadowOn: string;
  shadowOff: string;
  draftFrom: string;
  cancel: string;
  cancelTitle: string;
  cancelAbout: string;
  done: string;
}> = {
  zh: {
    status: "状态",
    drafted: "起草",
    system: "随系统自带",
    approval: (n) => `第 ${n} 位审批`,
    announced: "开始公示",
    from: "生效时间",
    retired: "停用时间",
    notice: "公示期",
    major: "15 天（重大变更）",
    minor: "7 天（一般变更）",
    hash: "SHA-256",
    another: "您已审批，还需另一人审批后才开始公示。",
    approve: "审批通过",
    approveFirst: "审批（第 1 人）",
    approveSecond: "审批（第 2 人）",
    firstAbout: "您同意这个版本。还需另一人审批，之后才开始公示；在此之前不会影响任何申请。",
    secondAbout: (major) =>
      `您是第二位审批人。通过后立即开始公示，${major ? "15" : "7"} 天后自动生效，期间任何人都能看到变化说明。`,
    later: "指定更晚的生效时间",
    laterHint: "留空：公示期满即生效。",
    approvedOnce: "已审批，等待另一人",
    nowAnnounced: "已开始公示",
    shadowOn: "影子运行",
    shadowOff: "停止影子运行",
    draftFrom: "以此起草新版本",
    cancel: "撤回",
    cancelTitle: "撤回这个版本？",
    cancelAbout: "撤回后不能再审批，公示也随之终止；文本仍可用来起草新版本。",
    done: "已更新",
  },
  en: {
    status: "State",
    drafted: "Drafted",
    system: "came with the desk",
    approval: (n) => `Approval ${n}`,
    announced: "Notice began",
    from: "Counts from",
    retired: "Retired",
    notice: "Notice",
    major: "15 days (major)",
    minor: "7 days (minor)",
    hash: "SHA-256",
    another: "You have approved it. Another person must too before the notice begins.",
    approve: "Approve",
    approveFirst: "Approve (first of two)",
    approveSecond: "Approve (second of two)",
    firstAbout:
      "You agree to this version. Another person must approve it too before the public notice begins; until then no claim is touched.",
    secondAbout: (major) =>
      `You are the second to approve. The public notice begins at once, and in ${major ? "15" : "7"} days the version counts; until then anybody can read what changes.`,
    later: "A later start",
    laterHint: "Leave it empty to start as soon as the notice has run.",
    approvedOnce: "Approved; another person must too",
    nowAnnounced: "The public notice has begun",
    shadowOn: "Run in shadow",
    shadowOff: "Stop the shadow",
    draftFrom: "Draft a version from this",
    cancel: "Take back",
    cancelTitle: "Take this version back?",
    cancelAbout: "It can then no longer be approved, and its notice ends. Its text can still be drafted from.",
    done: "Done",
  },
};
