import type { Words } from "@/words/language";

export const userWords: Words<{
  title: string;
  about: string;
  add: string;
  edit: string;
  search: string;
  role: string;
  none: string;
  who: string;
  login: string;
  loginHint: string;
  name: string;
  email: string;
  emailHint: string;
  roles: string;
  party: string;
  partyHint: string;
  conflicts: string;
  conflictsHint: string;
  language: string;
  noLanguage: string;
  disabled: string;
  disabledHint: string;
  state: string;
  working: string;
  off: string;
  noPassword: string;
  totp: string;
  noTotp: string;
  provider: string;
  security: string;
  added: string;
  addedTitle: string;
  link: string;
  linkAbout: string;
  newLink: string;
  newLinkTitle: (who: string) => string;
  newLinkAbout: string;
  removeTotp: string;
  removeTotpTitle: (who: string) => string;
  removeTotpAbout: string;
  removed: string;
  saved: string;
  more: (who: string) => string;
  since: string;
}> = {
  zh: {
    title: "账号",
    about: "谁能登录、能做什么。不再需要的账号请停用；记录里的操作人不会消失。",
    add: "新增账号",
    edit: "编辑",
    search: "按姓名、账号或店铺查找",
    role: "角色",
    none: "没有符合条件的账号。",
    who: "账号",
    login: "登录名",
    loginHint: "字母、数字和 . _ - @，以后不建议更改。",
    name: "姓名",
    email: "邮箱",
    emailHint: "用于接收重设密码的一次性链接，可不填。",
    roles: "角色",
    party: "所属店铺或买家编号",
    partyHint: "商家和买家账号必填，代表谁就填谁。",
    conflicts: "须回避",
    conflictsHint: "与其有利害关系的店铺或买家编号，每行一个；不会分到相关案件。",
    language: "界面语言",
    noLanguage: "不指定",
    disabled: "停用",
    disabledHint: "立即退出登录，无法再登录。",
    state: "状态",
    working: "可用",
    off: "已停用",
    noPassword: "未设密码",
    totp: "已开两步验证",
    noTotp: "未开两步验证",
    provider: "统一登录",
    security: "登录方式",
    added: "账号已建立",
    addedTitle: "把链接交给本人",
    link: "设置密码的一次性链接",
    linkAbout: "72 小时内有效，只能用一次。请当面或用可信的方式交给本人。",
    newLink: "重设密码链接",
    newLinkTitle: (who) => `为 ${who} 生成重设密码链接？`,
    newLinkAbout: "旧链接随之失效，现有密码在对方设置新密码之前仍可用。",
    removeTotp: "移除两步验证",
    removeTotpTitle: (who) => `移除 ${who} 的两步验证？`,
    removeTotpAbout: "仅在本人丢失验证器且备用码也用不了时使用。请先核实身份；对方下次登录须重新设置。",
    removed: "已移除",
    saved: "已保存",
    more: (who) => `${who} 的更多操作`,
    since: "建立时间",
  },
  en: {
    title: "Accounts",
    about: "Who may sign in and what they may do. Switch off what is no longer needed; the record keeps who did what.",
    add: "Add an account",
    edit: "Edit",
    search: "Name, account or shop",
    role: "Role",
    none: "No account fits.",
    who: "Account",
    login: "Sign-in name",
    loginHint: "Letters, digits and . _ - @; better not changed later.",
    name: "Name",
    email: "E-mail",
    emailHint: "One-time links for a new password go here. May be left empty.",
    roles: "Roles",
    party: "Shop's or buyer's id",
    partyHint: "Whom a merchant's or buyer's account acts for; needed for these.",
    conflicts: "Conflicts of interest",
    conflictsHint: "Ids of shops and buyers they have to do with, one a line; they get none of these cases.",
    language: "Language",
    noLanguage: "Not set",
    disabled: "Switched off",
    disabledHint: "Signed out at once, and cannot sign in again.",
    state: "State",
    working: "Active",
    off: "Switched off",
    noPassword: "no password yet",
    totp: "second factor on",
    noTotp: "no second factor",
    provider: "single sign-on",
    security: "Signs in with",
    added: "The account is there",
    addedTitle: "Hand over the link",
    link: "One-time link to set a password",
    linkAbout: "Good for 72 hours and one use. Hand it over in person or by a way you trust.",
    newLink: "Link for a new password",
    newLinkTitle: (who) => `Make a link for ${who}?`,
    newLinkAbout: "Earlier links stop working. The present password works until a new one is set.",
    removeTotp: "Remove the second factor",
    removeTotpTitle: (who) => `Remove ${who}'s second factor?`,
    removeTotpAbout:
      "Only where the authenticator and the spare codes are lost. Make sure it is them; they set up a new one when they next sign in.",
    removed: "Removed",
    saved: "Saved",
    more: (who) => `More about ${who}`,
    since: "Since",
  },
};
