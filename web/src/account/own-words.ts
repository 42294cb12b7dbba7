import type { Words } from "@/words/language";

/** What the pages of one's own account, of a forgotten and of a new password say. */
export const ownWords: Words<{
  settings: string;
  who: string;
  name: string;
  login: string;
  roles: string;
  party: string;
  email: string;
  noEmail: string;
  emailAbout: string;
  until: string;
  password: string;
  passwordAbout: string;
  passwordSaved: string;
  change: string;
  cancel: string;
  devices: string;
  devicesAbout: string;
  thisOne: string;
  someDevice: string;
  seen: (when: string) => string;
  since: (when: string) => string;
  end: string;
  endOthers: string;
  ended: string;
  alerts: string;
  alertsAbout: string;
  noAlerts: string;
  alert: Record<string, string>;
  proofTitle: string;
  proofAbout: string;
  proofCode: string;
  proofPassword: string;
  proofProvider: string;
  proofGo: string;
  second: string;
  secondOn: string;
  secondOff: string;
  secondOffAbout: string;
  secondNew: string;
  secondNewAbout: string;
  secondSaved: string;
  look: string;
  lookAbout: string;
  language: string;
  theme: string;
  light: string;
  dark: string;
  system: string;
  byLink: string;
  forgot: string;
  forgotAbout: string;
  send: string;
  sent: string;
  sentAbout: string;
  noMail: string;
  noMailAbout: string;
  back: string;
  fresh: string;
  freshAbout: string;
  save: string;
  saved: string;
  savedAbout: string;
  signIn: string;
  noToken: string;
  noTokenAbout: string;
  again: string;
}> = {
  zh: {
    settings: "账号设置",
    who: "当前登录",
    name: "姓名",
    login: "账号",
    roles: "角色",
    party: "所属",
    email: "邮箱",
    noEmail: "未登记",
    emailAbout: "忘记密码时，一次性链接发到这里。由运营登记和修改。",
    until: "登录有效至",
    password: "密码",
    passwordAbout: "修改后，其他设备上的登录全部退出。",
    passwordSaved: "密码已修改",
    change: "修改密码",
    cancel: "取消",
    devices: "登录设备",
    devicesAbout: "看到不认识的设备，就退出它，然后修改密码。",
    thisOne: "这台设备",
    someDevice: "未知设备",
    seen: (when) => `最近使用 ${when}`,
    since: (when) => `登录于 ${when}`,
    end: "退出",
    endOthers: "退出其他所有设备",
    ended: "已退出",
    alerts: "安全提醒",
    alertsAbout: "密码、两步验证、邮箱、密钥的变动和新设备登录，也会发到邮箱。",
    noAlerts: "近期没有变动。",
    alert: {
      password_set: "密码已更改",
      password_link: "运营生成了重设密码链接",
      second_factor_set: "启用了两步验证",
      second_factor_removed: "运营移除了两步验证",
      key_made: "签发了 API 密钥",
      email_changed: "运营更改了邮箱",
      new_device: "在新设备上登录",
      provider_tied: "绑定了外部登录",
    },
    proofTitle: "请再次验证身份",
    proofAbout: "涉及密钥和账号的操作，需要在十分钟内验证过身份。",
    proofCode: "改用验证码",
    proofPassword: "改用密码",
    proofProvider: "到外部登录页验证",
    proofGo: "验证并继续",
    second: "两步验证",
    secondOn: "已启用",
    secondOff: "未启用",
    secondOffAbout: "密码泄露时，没有验证码也登不进来。",
    secondNew: "换一部手机",
    secondNewAbout: "设置完成后，旧手机上的验证码和旧备用码全部作废。",
    secondSaved: "两步验证已启用",
    look: "显示",
    lookAbout: "只保存在这台设备的浏览器里。",
    language: "语言",
    theme: "外观",
    light: "浅色",
    dark: "深色",
    system: "跟随系统",
    byLink: "你是通过一次性链接进来的，没有密码可以设置。",
    forgot: "忘记密码",
    forgotAbout: "输入账号，我们把一次性链接发到登记的邮箱。",
    send: "发送链接",
    sent: "请查收邮件",
    sentAbout: "如果这个账号存在并登记了邮箱，链接已经发出，半小时左右没收到请看看垃圾邮件，或联系运营。",
    noMail: "这里不能用邮件找回",
    noMailAbout: "平台没有开通邮件。请联系运营，由运营为你生成一次性链接，用它设置新密码。",
    back: "返回登录",
    fresh: "设置新密码",
    freshAbout: "链接只能用一次。设置后，所有设备上的登录都会退出。",
    save: "保存新密码",
    saved: "新密码已生效",
    savedAbout: "用新密码登录即可。",
    signIn: "去登录",
    noToken: "链接不完整",
    noTokenAbout: "请从邮件里重新点开，或复制整条链接。链接用过、过期后会失效，可以再要一条。",
    again: "再要一条链接",
  },
  en: {
    settings: "Your account",
    who: "Signed in as",
    name: "Name",
    login: "Account",
    roles: "Roles",
    party: "Belongs to",
    email: "E-mail",
    noEmail: "None kept",
    emailAbout: "Where the one-time link goes if you forget your password. An operator keeps it.",
    until: "Signed in until",
    password: "Password",
    passwordAbout: "Changing it signs you out on every other device.",
    passwordSaved: "The password is changed",
    change: "Change the password",
    cancel: "Cancel",
    devices: "Where you are signed in",
    devicesAbout: "If you see a device that is not yours, end it and change your password.",
    thisOne: "This device",
    someDevice: "Unknown device",
    seen: (when) => `Last used ${when}`,
    since: (when) => `signed in ${when}`,
    end: "End it",
    endOthers: "End all others",
    ended: "Ended",
    alerts: "Alerts",
    alertsAbout:
      "Changes of password, second factor, e-mail address and keys, and new devices. They are mailed as well.",
    noAlerts: "Nothing has changed lately.",
    alert: {
      password_set: "The password was changed",
      password_link: "An operator made a link for a new password",
      second_factor_set: "A second factor was set up",
      second_factor_removed: "An operator removed the second factor",
      key_made: "An API key was made",
      email_changed: "An operator changed the e-mail address",
      new_device: "Signed in on a new device",
      provider_tied: "Tied to the sign-in provider",
    },
    proofTitle: "Show again that it is you",
    proofAbout: "For keys and accounts you must have shown who you are within the last ten minutes.",
    proofCode: "Use a code instead",
    proofPassword: "Use the password instead",
    proofProvider: "Show it at the sign-in provider",
    proofGo: "Confirm and go on",
    second: "Second factor",
    secondOn: "Set up",
    secondOff: "Not set up",
    secondOffAbout: "With it, a stolen password alone opens nothing.",
    secondNew: "Move to another phone",
    secondNewAbout: "Once done, codes of the old phone and the old spare codes no longer work.",
    secondSaved: "The second factor is set up",
    look: "Display",
    lookAbout: "Kept in this browser alone.",
    language: "Language",
    theme: "Appearance",
    light: "Light",
    dark: "Dark",
    system: "As the system",
    byLink: "You came by a one-time link, so there is no password to set.",
    forgot: "Forgotten password",
    forgotAbout: "Enter your account, and a one-time link goes to the e-mail address kept for it.",
    send: "Send the link",
    sent: "Look at your mail",
    sentAbout:
      "If there is such an account with an address, the link is on its way. If nothing has come in half an hour, look among the junk mail or ask an operator.",
    noMail: "There is no mail here",
    noMailAbout: "This desk sends no mail. Ask an operator for a one-time link, and set a new password with it.",
    back: "Back to signing in",
    fresh: "A new password",
    freshAbout: "The link works once. Afterwards you are signed out on every device.",
    save: "Save the new password",
    saved: "The new password is set",
    savedAbout: "Sign in with it.",
    signIn: "Sign in",
    noToken: "The link is not whole",
    noTokenAbout:
      "Open it from the mail again, or copy all of it. A link that was used or has run out no longer works; you can ask for another.",
    again: "Ask for another link",
  },
};
