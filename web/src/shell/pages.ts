import { pages as account } from "@/account/pages";
import { pages as accounts } from "@/accounts/pages";
import { pages as audit } from "@/audit/pages";
import { pages as buyer } from "@/buyer/pages";
import { pages as claims } from "@/claims/pages";
import { pages as figures } from "@/figures/pages";
import { pages as imports } from "@/imports/pages";
import { pages as visitors } from "@/public/pages";
import { pages as quality } from "@/quality/pages";
import { pages as review } from "@/review/pages";
import { pages as rules } from "@/rules/pages";
import type { Page } from "@/session/page";
import { pages as shop } from "@/shop/pages";
import { pages as shops } from "@/shops/pages";
import { pages as webhooks } from "@/webhooks/pages";

/** pages are all addresses of the console, a line a subject; tabs stand in this order. vite.config.ts reads it too. */
export const pages: readonly Page[] = [
  ...buyer,
  ...visitors,
  ...review,
  ...shop,
  ...figures,
  ...claims,
  ...rules,
  ...quality,
  ...shops,
  ...accounts,
  ...webhooks,
  ...imports,
  ...audit,
  ...account,
];
