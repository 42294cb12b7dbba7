import type { ImportKind } from "@/words/codes";
import type { Words } from "@/words/language";

export type Kind = ImportKind;

export const importWords: Words<{
  title: string;
  about: string;
  kinds: Record<Kind, string>;
  what: string;
  file: string;
  fileHint: string;
  more: string;
  merchant: string;
  merchantHint: string;
  currency: string;
  currencyHint: string;
  zone: string;
  numbers: string;
  dates: string;
  auto: string;
  point: string;
  comma: string;
  mdy: string;
  dmy: string;
  check: string;
  take: (n: number) => string;
  stale: string;
  understood: string;
  recognised: (platform: string) => string;
  written: (encoding: string, separator: string) => string;
  sheet: (name: string) => string;
  rows: string;
  fit: string;
  kept: string;
  same: string;
  refused: string;
  columns: string;
  columnsAbout: string;
  header: string;
  holds: string;
  unknown: string;
  nothing: string;
  remember: string;
  remembered: string;
  first: string;
  problems: string;
  problemsMore: (n: number) => string;
  download: string;
  line: string;
  lineNo: (n: string) => string;
  column: string;
  why: string;
  done: (n: number) => string;
  doneAbout: string;
  large: string;
  none: string;
  order: string;
  shop: string;
  buyer: string;
  goods: string;
  paid: string;
  placed: string;
  name: string;
  claim: string;
}> = {
  zh: {
    title: "导入",
    about:
      "从表格导入订单、商家、买家和售后申请：CSV、Excel（xlsx）或 JSON Lines，最大 16 MB、5 万行。先检查，再导入；同一文件再次导入不会改变任何内容。",
    kinds: { orders: "订单", merchants: "商家", buyers: "买家", claims: "售后申请" },
    what: "内容",
    file: "文件",
    fileHint: "淘宝／天猫、京东、拼多多、抖音、小红书、Shopify、WooCommerce、亚马逊的订单导出文件可直接选择。",
    more: "文件中未写明的内容",
    merchant: "商家编号",
    merchantHint: "文件没有商家列时填写。",
    currency: "币种",
    currencyHint: "文件未注明时填写，如 CNY。",
    zone: "时区",
    numbers: "小数写法",
    dates: "日期顺序",
    auto: "自动识别",
    point: "1,299.00",
    comma: "1.299,00",
    mdy: "月/日/年",
    dmy: "日/月/年",
    check: "重新检查",
    take: (n) => `导入 ${n} 项`,
    stale: "设置已更改，请重新检查后再导入。",
    understood: "识别结果",
    recognised: (platform) => `识别为${platform}导出文件`,
    written: (encoding, separator) => (separator ? `${encoding}，以“${separator}”分隔` : encoding),
    sheet: (name) => `工作表：${name}`,
    rows: "数据行",
    fit: "可导入",
    kept: "已导入",
    same: "已存在",
    refused: "拒绝的行",
    columns: "各列的含义",
    columnsAbout: "可以改正。改正后会记住，以后相同表头的文件都按此读取。",
    header: "表头",
    holds: "含义",
    unknown: "未识别",
    nothing: "不读取",
    remember: "记住并重新检查",
    remembered: "已记住",
    first: "前几行的理解",
    problems: "拒绝的行及原因",
    problemsMore: (n) => `另有 ${n} 条，未列出`,
    download: "下载（CSV）",
    line: "行",
    lineNo: (n) => `第 ${n} 行`,
    column: "列",
    why: "原因",
    done: (n) => `已导入 ${n} 项`,
    doneAbout: "拒绝的行修正后，整个文件再导入一次即可。",
    large: "文件超过 16 MB，请拆分，或用命令行 evenhand import 导入。",
    none: "（无）",
    order: "订单",
    shop: "商家",
    buyer: "买家",
    goods: "商品",
    paid: "实付",
    placed: "下单时间",
    name: "名称",
    claim: "申请",
  },
  en: {
    title: "Import",
    about:
      "Orders, merchants, buyers and claims from a table: CSV, Excel (xlsx) or JSON Lines, up to 16 MB and 50,000 rows. It is checked first and then taken; the same file again changes nothing.",
    kinds: { orders: "Orders", merchants: "Merchants", buyers: "Buyers", claims: "Claims" },
    what: "What it holds",
    file: "File",
    fileHint:
      "Order exports of Taobao and Tmall, JD, Pinduoduo, Douyin, Xiaohongshu, Shopify, WooCommerce and Amazon are taken as they are.",
    more: "What the file leaves unsaid",
    merchant: "Merchant's number",
    merchantHint: "Where the file has no column for it.",
    currency: "Currency",
    currencyHint: "Where the file does not say, such as CNY.",
    zone: "Time zone",
    numbers: "Decimals",
    dates: "Order of dates",
    auto: "as recognised",
    point: "1,299.00",
    comma: "1.299,00",
    mdy: "month/day/year",
    dmy: "day/month/year",
    check: "Check again",
    take: (n) => `Import ${n}`,
    stale: "You changed what the file leaves unsaid. Check it again before it is imported.",
    understood: "What was recognised",
    recognised: (platform) => `An export of ${platform}`,
    written: (encoding, separator) => (separator ? `${encoding}, cells separated by "${separator}"` : encoding),
    sheet: (name) => `Worksheet: ${name}`,
    rows: "Rows",
    fit: "Can be imported",
    kept: "Imported",
    same: "There already",
    refused: "Rows refused",
    columns: "What the columns hold",
    columnsAbout: "Correct it where it is wrong. What you say is remembered for every file with the same headers.",
    header: "Header",
    holds: "Holds",
    unknown: "not recognised",
    nothing: "not read",
    remember: "Remember and check again",
    remembered: "Remembered",
    first: "The first rows as understood",
    problems: "Rows refused, and why",
    problemsMore: (n) => `${n} more are not listed`,
    download: "Download (CSV)",
    line: "Line",
    lineNo: (n) => `Line ${n}`,
    column: "Column",
    why: "Why",
    done: (n) => `${n} imported`,
    doneAbout: "When the refused rows are corrected, import the whole file once more.",
    large: "The file is larger than 16 MB: split it, or import it on the command line by evenhand import.",
    none: "(none)",
    order: "Order",
    shop: "Merchant",
    buyer: "Buyer",
    goods: "Goods",
    paid: "Paid",
    placed: "Placed",
    name: "Name",
    claim: "Claim",
  },
};
