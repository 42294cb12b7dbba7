import type { Consent, Merchant, MerchantBody, Money } from "@/api/schema";
import { minor } from "@/ui/format";
import { kinds, reasons, type Table, word } from "@/words/domain";
import type { Language } from "@/words/language";

/** Form is a standing consent while it is edited. */
export interface Form {
  on: boolean;
  kinds: string[];
  reasons: string[];
  /** categories as typed, with commas. */
  categories: string;
  amount: string;
  currency: string;
}

export function consentOf(shop: Merchant): Form {
  const c = shop.consent;
  const currency = c.up_to?.currency || "CNY";
  const unit = minor("1", currency) ?? 100;
  return {
    on: !!c.kinds?.length,
    kinds: c.kinds ?? [],
    reasons: c.reasons ?? [],
    categories: (c.categories ?? []).join(", "),
    amount: c.up_to?.amount ? String(c.up_to.amount / unit) : "",
    currency,
  };
}

/** split reads words between commas, western or Chinese, each once. */
export const split = (text: string) => [
  ...new Set(
    text
      .split(/[,，、;；]/)
      .map((s) => s.trim())
      .filter(Boolean),
  ),
];

/** problemOf names what is wrong with it; empty: it can be saved. Taking it back is always possible. */
export function problemOf(f: Form): "" | "kinds" | "amount" {
  if (!f.on) return "";
  if (f.kinds.length === 0) return "kinds";
  const amount = minor(f.amount, f.currency);
  return amount === undefined || amount <= 0 ? "amount" : "";
}

/** body is what is sent: a consent that is off has no kinds, which agrees to nothing. */
export function body(shop: Merchant, f: Form): MerchantBody {
  if (!f.on) return { name: shop.name, consent: {} };
  return {
    name: shop.name,
    consent: {
      kinds: f.kinds,
      reasons: f.reasons.length ? f.reasons : undefined,
      categories: split(f.categories).length ? split(f.categories) : undefined,
      up_to: { amount: minor(f.amount, f.currency) ?? 0, currency: f.currency },
    },
  };
}

/** sentence tells a consent in words. */
export function sentence(c: Consent, l: Language, money: (m: Money) => string): string {
  const list = (table: Table, codes: string[]) =>
    codes.map((k) => word(table, k, l).toLowerCase()).join(l === "zh" ? "、" : ", ");
  const what = list(kinds, c.kinds ?? []);
  const why = c.reasons?.length ? list(reasons, c.reasons) : "";
  const goods = c.categories?.join(l === "zh" ? "、" : ", ") ?? "";
  if (l === "zh")
    return `${money(c.up_to)} 以内的${what}申请直接处理${why ? `，仅限${why}` : ""}${goods ? `，仅限类目：${goods}` : ""}。`;
  return `Claims of up to ${money(c.up_to)} for ${what} are settled without asking${why ? `, where the reason is ${why}` : ""}${goods ? `, for goods in ${goods}` : ""}.`;
}
