import type { Words } from "@/words/language";

/** scopes are what a key may do, as the desk knows them (desk/caller.go). */
export const scopes: Record<string, { zh: string; en: string }> = {
  "orders:read": { zh: "读取订单", en: "Read orders" },
  "orders:write": { zh: "推送订单", en: "Send orders" },
  "claims:read": { zh: "读取申请", en: "Read claims" },
  "claims:write": { zh: "提交和推进申请", en: "File claims and move them on" },
  "evidence:write": { zh: "上传证据", en: "Send evidence" },
  "links:write": { zh: "签发买家链接", en: "Issue links for buyers" },
  "policies:read": { zh: "读取规则", en: "Read the rules" },
  "policies:write": { zh: "修改规则", en: "Change the rules" },
  "webhooks:read": { zh: "读取推送设置", en: "Read webhooks" },
  "webhooks:write": { zh: "修改推送设置", en: "Change webhooks" },
  "people:read": { zh: "导出个人信息", en: "Export a person's data" },
  "people:erase": { zh: "删除个人信息", en: "Erase a person's data" },
  "figures:read": { zh: "读取统计", en: "Read figures" },
  "metrics:read": { zh: "读取监控指标", en: "Read metrics" },
};

/** usual is what a marketplace's own server needs. */
export const usual = [
  "orders:read",
  "orders:write",
  "claims:read",
  "claims:write",
  "evidence:write",
  "links:write",
  "webhooks:read",
];

export const keyWords: Words<{
  title: string;
  about: string;
  issue: string;
  name: string;
  nameHint: string;
  scopes: string;
  party: string;
  partyHint: string;
  expires: string;
  expiresHint: string;
  everything: string;
  state: string;
  working: string;
  revoked: string;
  expired: string;
  since: string;
  until: string;
  never: string;
  revoke: string;
  revokeTitle: (name: string) => string;
  revokeAbout: string;
  done: string;
  shown: string;
  secret: string;
  none: string;
  noneAbout: string;
}> = {
  zh: {
    title: "接口密钥",
    about: "供平台系统对接使用。每把密钥只给所需的权限，泄露或不用时立即吊销。",
    issue: "签发密钥",
    name: "名称",
    nameHint: "写明用在哪里，例如“订单同步（生产）”。",
    scopes: "权限",
    party: "限定店铺或买家",
    partyHint: "填写编号后，密钥只能看到这一方的数据。留空：不限定。",
    expires: "到期日",
    expiresHint: "留空：长期有效，直到吊销。",
    everything: "全部权限",
    state: "状态",
    working: "有效",
    revoked: "已吊销",
    expired: "已到期",
    since: "签发时间",
    until: "到期",
    never: "长期",
    revoke: "吊销",
    revokeTitle: (name) => `吊销“${name}”？`,
    revokeAbout: "立即失效，无法恢复；使用它的系统会收到 401。",
    done: "已吊销",
    shown: "密钥已签发",
    secret: "密钥",
    none: "还没有密钥",
    noneAbout: "对接平台系统时，在这里签发第一把。",
  },
  en: {
    title: "API keys",
    about:
      "For the platform's own systems. Give each key only what it needs, and revoke it when it leaks or is done with.",
    issue: "Issue a key",
    name: "Name",
    nameHint: 'Say where it is used: "order sync, production".',
    scopes: "What it may do",
    party: "Only one shop or buyer",
    partyHint: "With an id here the key sees that party's data alone. Empty: everybody's.",
    expires: "Expires on",
    expiresHint: "Empty: good until it is revoked.",
    everything: "everything",
    state: "State",
    working: "Good",
    revoked: "Revoked",
    expired: "Expired",
    since: "Issued",
    until: "Expires",
    never: "never",
    revoke: "Revoke",
    revokeTitle: (name) => `Revoke "${name}"?`,
    revokeAbout: "It stops working at once and for good; systems that use it get a 401.",
    done: "Revoked",
    shown: "The key is issued",
    secret: "Key",
    none: "There are no keys yet",
    noneAbout: "Issue the first one here when you connect the platform.",
  },
};
