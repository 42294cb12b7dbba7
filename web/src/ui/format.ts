import { currentLanguage, type Language, useLanguage } from "@/words/language";

const locale = (l: Language) => (l === "zh" ? "zh-CN" : "en-GB");

// Making a formatter takes the browser up to a millisecond, using it microseconds; a list writes hundreds of amounts and times.
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => F): F {
  let f = made.get(key) as F | undefined;
  if (!f) {
    f = make();
    if (made.size < 200) made.set(key, f); // a currency's name comes from outside
  }
  return f;
}

const numbers = (l: string, options: Intl.NumberFormatOptions = {}) =>
  kept(`n ${l} ${JSON.stringify(options)}`, () => new Intl.NumberFormat(l, options));

const times = (l: string, options: Intl.DateTimeFormatOptions) =>
  kept(`t ${l} ${JSON.stringify(options)}`, () => new Intl.DateTimeFormat(l, options));

/** digits of a currency's minor unit, as ISO 4217 has them: 2 for CNY, 0 for JPY. */
export function minorDigits(currency: string): number {
  try {
    return numbers("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  } catch {
    return 2;
  }
}

/** money writes an amount of minor units: 12850 CNY is ¥128.50. */
export function money(m: { amount: number; currency: string } | undefined, l: Language = currentLanguage()): string {
  if (!m?.currency) return "";
  const d = minorDigits(m.currency);
  try {
    return numbers(locale(l), {
      style: "currency",
      currency: m.currency,
      currencyDisplay: "narrowSymbol",
    }).format(m.amount / 10 ** d);
  } catch {
    return `${m.currency} ${(m.amount / 10 ** d).toFixed(d)}`;
  }
}

/** minor reads what somebody typed ("128.5") into minor units, undefined for nonsense. */
export function minor(typed: string, currency: string): number | undefined {
  const clean = typed.replace(/[\s,，¥￥$]/g, "");
  const d = minorDigits(currency);
  const match = /^(\d{1,12})(?:\.(\d*))?$/.exec(clean);
  if (!match || (match[2]?.length ?? 0) > d) return undefined;
  return Number(match[1]) * 10 ** d + Number((match[2] ?? "").padEnd(d, "0") || 0);
}

/** moment writes a time in the viewer's zone: 11月24日 14:05. */
export function moment(iso: string | undefined, l: Language = currentLanguage(), year = false): string {
  if (!iso) return "";
  const t = new Date(iso);
  if (Number.isNaN(t.getTime())) return "";
  return times(locale(l), {
    year: year || t.getFullYear() !== new Date().getFullYear() ? "numeric" : undefined,
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  }).format(t);
}

/** day writes a date; without its year where that is this one, and the year is not asked for. */
export function day(iso: string | undefined, l: Language = currentLanguage(), year = true): string {
  if (!iso) return "";
  const t = new Date(iso);
  return times(locale(l), {
    year: year || t.getFullYear() !== new Date().getFullYear() ? "numeric" : undefined,
    month: "short",
    day: "numeric",
  }).format(t);
}

const units = {
  zh: { d: "天", h: "小时", m: "分钟", now: "不到 1 分钟" },
  en: { d: "d", h: "h", m: "min", now: "under a minute" },
};

/** span writes a length of time with its two largest units: 1 天 4 小时, 1 d 4 h. */
export function span(ms: number, l: Language = currentLanguage()): string {
  const u = units[l];
  const minutes = Math.floor(Math.abs(ms) / 60_000);
  if (minutes < 1) return u.now;
  const d = Math.floor(minutes / 1440);
  const h = Math.floor((minutes % 1440) / 60);
  const m = minutes % 60;
  if (d > 0) return h > 0 ? `${d} ${u.d} ${h} ${u.h}` : `${d} ${u.d}`;
  if (h > 0) return m > 0 && h < 10 ? `${h} ${u.h} ${m} ${u.m}` : `${h} ${u.h}`;
  return `${m} ${u.m}`;
}

/** size writes a number of bytes in powers of ten. */
export function size(bytes: number): string {
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${Math.round(bytes / 1e3)} kB`;
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

export function percent(share: number, l: Language = currentLanguage()): string {
  return numbers(locale(l), { style: "percent", maximumFractionDigits: 1 }).format(share);
}

export function count(n: number, l: Language = currentLanguage()): string {
  return numbers(locale(l)).format(n);
}

/** useFormat gives all of them in the reader's language, so that they change with it. */
export function useFormat() {
  const l = useLanguage();
  return {
    money: (m: { amount: number; currency: string } | undefined) => money(m, l),
    moment: (iso: string | undefined, year = false) => moment(iso, l, year),
    day: (iso: string | undefined, year = true) => day(iso, l, year),
    span: (ms: number) => span(ms, l),
    percent: (share: number) => percent(share, l),
    count: (n: number) => count(n, l),
    size,
  };
}
