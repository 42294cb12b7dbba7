import type { Words } from "@/words/language";

/** deliveryStates name where a message's delivery stands. */
export const deliveryStates: Record<string, { zh: string; en: string }> = {
  waiting: { zh: "待投递", en: "Waiting" },
  delivered: { zh: "已送达", en: "Delivered" },
  failed: { zh: "失败", en: "Failed" },
};

/** tryErrors name why a try failed (docs/webhooks.md). */
export const tryErrors: Record<string, { zh: string; en: string }> = {
  timeout: { zh: "超时", en: "timed out" },
  address: { zh: "地址不允许", en: "address not allowed" },
  connect: { zh: "连接失败", en: "could not connect" },
  tls: { zh: "证书问题", en: "TLS failed" },
  redirect: { zh: "返回跳转", en: "redirected" },
  status: { zh: "返回错误状态", en: "answered an error" },
  gone: { zh: "对方已关闭（410）", en: "gone (410)" },
  disabled: { zh: "推送已停用", en: "switched off" },
  secret: { zh: "密钥无法读取", en: "secret unreadable" },
  url: { zh: "地址无效", en: "bad address" },
};

export const hookWords: Words<{
  title: string;
  about: string;
  add: string;
  edit: string;
  url: string;
  urlHint: string;
  topics: string;
  topicsHint: string;
  choose: string;
  ordered: string;
  all: string;
  state: string;
  on: string;
  off: string;
  disabled: string;
  since: string;
  open: string;
  none: string;
  noneAbout: string;
  made: string;
  secret: string;
  secretAbout: string;
  test: string;
  tested: string;
  remove: string;
  removeTitle: string;
  removeAbout: string;
  removed: string;
  saved: string;
  log: string;
  logAbout: string;
  message: string;
  tries: string;
  lastTry: string;
  next: string;
  replay: string;
  replayed: string;
  noLog: string;
  noLogAbout: string;
  took: (ms: number) => string;
}> = {
  zh: {
    title: "推送",
    about:
      "申请有变化时，通知您的系统（Webhook，遵循 Standard Webhooks 签名）。至少送达一次，失败后约 75 小时内重试 10 次。",
    add: "新增推送",
    edit: "编辑",
    url: "接收地址",
    urlHint: "必须是公网 https 地址。",
    topics: "事件",
    topicsHint: "每行一个，例如 claim.submitted。留空：全部事件。",
    choose: "从列表中选择",
    ordered: "处理结果已下达，请执行",
    all: "全部事件",
    state: "状态",
    on: "启用",
    off: "已停用",
    disabled: "停用这个推送",
    since: "建立时间",
    open: "查看",
    none: "还没有推送",
    noneAbout: "新增一个接收地址，系统就会把申请的变化推送过去。",
    made: "推送已建立",
    secret: "签名密钥",
    secretAbout: "接收方用它验证消息确实来自这里。",
    test: "发送测试",
    tested: "测试消息已发出，结果见投递记录",
    remove: "删除",
    removeTitle: "删除这个推送？",
    removeAbout: "未送达的消息不再投递，签名密钥随之作废。",
    removed: "已删除",
    saved: "已保存",
    log: "投递记录",
    logAbout: "最近的在前。失败的可以重新投递，消息编号不变。",
    message: "消息",
    tries: "尝试",
    lastTry: "最近一次",
    next: "下次",
    replay: "重新投递",
    replayed: "已安排重新投递",
    noLog: "还没有投递",
    noLogAbout: "发送一条测试消息，或等待申请有变化。",
    took: (ms) => `${ms} 毫秒`,
  },
  en: {
    title: "Webhooks",
    about:
      "Tell your systems when a claim changes (signed per Standard Webhooks). At least once; ten tries over some 75 hours.",
    add: "Add a webhook",
    edit: "Edit",
    url: "Address",
    urlHint: "A public https address.",
    topics: "Events",
    topicsHint: "One a line, such as claim.submitted. Empty: all.",
    choose: "Choose from the list",
    ordered: "A remedy is ordered: the one to act upon",
    all: "all events",
    state: "State",
    on: "On",
    off: "Off",
    disabled: "Switch this webhook off",
    since: "Since",
    open: "Open",
    none: "There are no webhooks yet",
    noneAbout: "Add an address, and what happens to claims is sent there.",
    made: "The webhook is there",
    secret: "Signing secret",
    secretAbout: "The receiver checks with it that messages come from here.",
    test: "Send a test",
    tested: "The test is sent; see the deliveries",
    remove: "Remove",
    removeTitle: "Remove this webhook?",
    removeAbout: "What waits is not delivered any more, and the secret is void.",
    removed: "Removed",
    saved: "Saved",
    log: "Deliveries",
    logAbout: "Newest first. A failed one can be sent again under the same id.",
    message: "Message",
    tries: "Tries",
    lastTry: "Last try",
    next: "Next",
    replay: "Send again",
    replayed: "It will be sent again",
    noLog: "Nothing delivered yet",
    noLogAbout: "Send a test, or wait for a claim to change.",
    took: (ms) => `${ms} ms`,
  },
};
