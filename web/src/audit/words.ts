import type { Words } from "@/words/language";

/** What the record's page says. */
export const auditWords: Words<{
  title: string;
  about: string;
  kind: string;
  anyKind: string;
  stream: string;
  anyStream: string;
  by: string;
  subject: string;
  subjectHint: string;
  clear: string;
  find: string;
  none: string;
  noneAbout: string;
  empty: string;
  emptyAbout: string;
  body: string;
  openCase: string;
  who: (name: string) => string;
}> = {
  zh: {
    title: "审计",
    about: "发生过的一切：申请、账号、密钥、规则、推送。只增不改，每条都接着前一条的指纹。最新的在前。",
    kind: "事件",
    anyKind: "全部事件",
    stream: "对象",
    anyStream: "全部对象",
    by: "操作人编号",
    subject: "对象编号",
    subjectHint: "如 claim/c01m8…",
    clear: "清除筛选",
    find: "查找",
    none: "没有符合条件的记录",
    noneAbout: "放宽筛选条件再看看。",
    empty: "还没有记录",
    emptyAbout: "有人使用之后，一切都会记在这里。",
    body: "细节",
    openCase: "打开申请",
    who: (name) => `只看${name}`,
  },
  en: {
    title: "Audit",
    about:
      "All that happened: to claims, accounts, keys, rules, webhooks. Entries are only ever added, each with the fingerprint of the one before. Newest first.",
    kind: "Event",
    anyKind: "Any event",
    stream: "Subject",
    anyStream: "Any subject",
    by: "Id of who did it",
    subject: "A subject's id",
    subjectHint: "such as claim/c01m8…",
    clear: "Clear",
    find: "Find",
    none: "No entry is like this",
    noneAbout: "Loosen the filters a little.",
    empty: "Nothing is recorded yet",
    emptyAbout: "Once somebody uses the desk, everything stands here.",
    body: "Details",
    openCase: "Open the claim",
    who: (name) => `Only ${name}`,
  },
};
