import type { Words } from "@/words/language";

export const signInWords: Words<{
  title: string;
  second: string;
  setUp: string;
  login: string;
  password: string;
  enter: string;
  forgot: string;
  code: string;
  codeHint: string;
  confirm: string;
  back: string;
  newPassword: string;
  newPasswordHint: string;
  save: string;
  scan: string;
  orType: string;
  spare: string;
  spareAbout: string;
  done: string;
  current: string;
  begin: string;
  totpAbout: string;
  or: string;
  provider: (name: string) => string;
  refused: Record<string, string>;
  demo: string;
  demoAbout: string;
}> = {
  zh: {
    title: "登录",
    second: "两步验证",
    setUp: "首次登录设置",
    login: "账号",
    password: "密码",
    enter: "登录",
    forgot: "忘记密码？",
    code: "验证码",
    codeHint: "验证器应用中的 6 位数字，或一个备用码",
    confirm: "验证",
    back: "换个账号",
    newPassword: "新密码",
    newPasswordHint: "至少 12 个字符。几个不相干的词连在一起，好记又难猜。",
    save: "保存",
    scan: "用验证器应用扫描二维码",
    orType: "或手动输入密钥",
    spare: "备用码",
    spareAbout: "每个只能用一次，只显示这一回。请抄下来，放在手机之外的地方。",
    done: "我已保存，继续",
    current: "当前密码",
    begin: "开始设置",
    totpAbout: "处理申请的账号需要两步验证。准备好手机上的验证器应用（如微软验证器、1Password）。",
    or: "或",
    provider: (name) => `用 ${name} 登录`,
    refused: {
      provider: "外部登录未完成，请重试。",
      provider_away: "暂时无法连接外部登录服务，请稍后重试，或使用密码登录。",
      forbidden: "您尚无账号，请联系运营人员开通。",
    },
    demo: "演示环境，数据均为虚构",
    demoAbout: "演示账号和密码在启动程序的终端里，也在数据目录的 demo.json 中。",
  },
  en: {
    title: "Sign in",
    second: "Second factor",
    setUp: "Before you start",
    login: "Account",
    password: "Password",
    enter: "Sign in",
    forgot: "Forgotten your password?",
    code: "Code",
    codeHint: "Six digits from your authenticator app, or a spare code",
    confirm: "Confirm",
    back: "Use another account",
    newPassword: "New password",
    newPasswordHint: "At least 12 characters. A few unrelated words are easy to keep and hard to guess.",
    save: "Save",
    scan: "Scan this code with your authenticator app",
    orType: "or type in the key",
    spare: "Spare codes",
    spareAbout: "Each works once, and they are shown only now. Write them down somewhere other than your phone.",
    done: "I have kept them, go on",
    current: "Current password",
    begin: "Set it up",
    totpAbout:
      "Accounts that handle claims need a second factor. Have an authenticator app at hand (Microsoft Authenticator, 1Password).",
    or: "or",
    provider: (name) => `Sign in with ${name}`,
    refused: {
      provider: "The sign-in was not completed. Try again.",
      provider_away:
        "The sign-in provider cannot be reached just now. Try again in a moment, or sign in with a password.",
      forbidden: "Nobody has given you an account here yet; ask an operator.",
    },
    demo: "A demonstration: all of it is made up",
    demoAbout: "Accounts and passwords are in the terminal that started it, and in demo.json of its data folder.",
  },
};
