import type { Words } from "@/words/language";

export const statusWords: Record<string, { zh: string; en: string }> = {
  draft: { zh: "草稿", en: "Draft" },
  shadow: { zh: "影子运行", en: "In shadow" },
  announced: { zh: "公示中", en: "On public notice" },
  active: { zh: "生效中", en: "Active" },
  retired: { zh: "已停用", en: "Retired" },
};

export const truthWords: Record<string, { zh: string; en: string }> = {
  honest: { zh: "如实", en: "Honest" },
  forged: { zh: "不实", en: "Forged" },
  unknown: { zh: "未知", en: "Not known" },
};

export const ruleWords: Words<{
  title: string;
  about: string;
  make: string;
  none: string;
  noneAbout: string;
  version: string;
  status: string;
  made: string;
  approvals: string;
  from: string;
  retired: string;
  notice: string;
  major: string;
  minor: string;
  approved: (n: number) => string;
  routing: string;
  newTitle: string;
  newAbout: string;
  text: string;
  changes: string;
  replay: string;
  shadow: string;
  checking: string;
  good: string;
  compiles: string;
  failing: (n: number) => string;
  problems: (n: number) => string;
  tests: (passed: number, failed: number) => string;
  got: (rule: string, action: string) => string;
  wanted: (rule: string, action: string) => string;
  at: (line: number, column: number) => string;
  editorHint: string;
  save: string;
  saveTitle: string;
  summary: string;
  summaryHint: string;
  saidMajor: string;
  saidMajorHint: string;
  saved: string;
  unsaved: string;
}> = {
  zh: {
    title: "规则",
    about: "规则只决定下一步问谁、由谁看。新版本须两人审批，并公示 7 天（重大变更 15 天）后生效。",
    make: "起草新版本",
    none: "还没有规则",
    noneAbout: "没有规则时，所有申请都转人工。起草第一个版本即可开始。",
    version: "版本",
    status: "状态",
    made: "起草",
    approvals: "审批",
    from: "生效时间",
    retired: "停用",
    notice: "公示",
    major: "重大变更",
    minor: "一般变更",
    approved: (n) => `${n}/2 人已批`,
    routing: "当前流转所用",
    newTitle: "起草新版本",
    newAbout: "边写边检查，保存前先用历史申请试算。草稿不影响任何申请。",
    text: "规则文本",
    changes: "与生效版本对比",
    replay: "历史试算",
    shadow: "影子记录",
    checking: "正在检查…",
    good: "文本无误",
    compiles: "文本可用，但有测试未通过",
    failing: (n) => `有 ${n} 项自带测试未通过。请先确认这是有意的改动，并同步修改测试。`,
    problems: (n) => `${n} 处问题`,
    tests: (passed, failed) => (failed ? `测试：${passed} 项通过，${failed} 项未通过` : `测试：${passed} 项全部通过`),
    got: (rule, action) => `实际：${rule} → ${action}`,
    wanted: (rule, action) => `预期：${rule} → ${action}`,
    at: (line, column) => `第 ${line} 行第 ${column} 列`,
    editorHint: "Ctrl+空格 补全，Ctrl+F 查找；按 Esc 再按 Tab 离开编辑区。",
    save: "存为草稿",
    saveTitle: "保存草稿",
    summary: "变更说明",
    summaryHint: "公示时双方都会看到：改了什么，为什么。",
    saidMajor: "按重大变更公示 15 天",
    saidMajorHint: "系统判断为重大的，不勾选也按 15 天公示。",
    saved: "草稿已保存",
    unsaved: "有未保存的修改，确定离开吗？",
  },
  en: {
    title: "Rules",
    about:
      "Rules only choose who is asked and who looks. A new version needs two people's approval and public notice: 7 days, 15 where a change is major.",
    make: "Draft a version",
    none: "There are no rules yet",
    noneAbout: "Without rules every claim goes to a person. Draft the first version to begin.",
    version: "Version",
    status: "State",
    made: "Drafted",
    approvals: "Approvals",
    from: "Counts from",
    retired: "Retired",
    notice: "Notice",
    major: "Major",
    minor: "Minor",
    approved: (n) => `${n} of 2`,
    routing: "routes claims now",
    newTitle: "Draft a version",
    newAbout:
      "The text is checked while you write. Replay it over past claims before you save; a draft touches no claim.",
    text: "Text",
    changes: "Against the active version",
    replay: "Replay",
    shadow: "Shadow",
    checking: "Checking…",
    good: "The text is good",
    compiles: "It compiles, but tests fail",
    failing: (n) =>
      `${n === 1 ? "One of its own tests fails" : `${n} of its own tests fail`}. Make sure that you mean it, and change the tests with the rules.`,
    problems: (n) => (n === 1 ? "1 problem" : `${n} problems`),
    tests: (passed, failed) => (failed ? `Tests: ${passed} pass, ${failed} fail` : `Tests: all ${passed} pass`),
    got: (rule, action) => `Got ${rule} → ${action}`,
    wanted: (rule, action) => `wanted ${rule} → ${action}`,
    at: (line, column) => `Line ${line}, column ${column}`,
    editorHint: "Ctrl+Space completes, Ctrl+F finds. Escape, then Tab, leaves the editor.",
    save: "Save as a draft",
    saveTitle: "Save the draft",
    summary: "What changes and why",
    summaryHint: "Both sides read it in the public notice.",
    saidMajor: "Treat it as major: 15 days of notice",
    saidMajorHint: "What the desk finds major gets 15 days even if this is not ticked.",
    saved: "The draft is saved",
    unsaved: "There are changes that are not saved. Leave all the same?",
  },
};
