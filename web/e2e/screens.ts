import type { Page } from "playwright-core";
import type { Desk } from "./desk";

/** Screen is one page as somebody sees it. */
export interface Screen {
  name: string;
  /** who looks: a login of the demo, or nobody. */
  as?: string;
  /** at is the path, or how to find it out. */
  at: string | ((get: Get, desk: Desk) => Promise<string>);
  /** before does what is needed once the page is there: open a dialog, press a key. */
  before?: (page: Page) => Promise<void>;
}

/** Get reads from the API as whoever is signed in. */
// biome-ignore lint/suspicious/noExplicitAny: tests read what they need of an answer
export type Get = (path: string) => Promise<any>;

const first = (list: { items: { id: string }[] }, what: string): string => {
  const id = list.items[0]?.id;
  if (!id) throw new Error(`the demo has no ${what}`);
  return id;
};

const claim = (place: string, state: string) => async (get: Get) =>
  `${place}/${first(await get(`/v1/claims?limit=1&state=${state}`), `claim in ${state}`)}`;

/** reviewable is the most pressing case of the queue. */
const reviewable = async (get: Get) => `/review/${(await get("/v1/reviews?limit=1")).items[0].claim_id}`;

const operator = (page: string): Screen => ({
  name: `operator-${page || "overview"}`,
  as: "wu",
  at: `/operator/${page}`.replace(/\/$/, ""),
});

/** screens are all pages of the console, each with what fills it. */
export const screens: Screen[] = [
  { name: "start", at: "/" },
  { name: "sign-in", at: "/sign-in" },
  { name: "forgot", at: "/forgot" },
  { name: "new-password", at: "/password#no-such-token" },
  { name: "progress", at: "/progress" },
  { name: "check", at: "/check" },
  { name: "not-found", at: "/no/such/page" },
  { name: "forbidden", as: "lin", at: "/operator/users" },
  { name: "account", as: "lin", at: "/account" },
  { name: "queue", as: "lin", at: "/review" },
  { name: "queue-empty", as: "lin", at: "/review?q=nothing-has-this-number" },
  { name: "queue-keys", as: "lin", at: "/review", before: (page) => page.keyboard.press("?") },
  { name: "case", as: "lin", at: reviewable },
  { name: "case-closed", as: "wu", at: claim("/review", "closed") },
  { name: "shop-inbox", as: "shop-taoran", at: "/shop" },
  { name: "shop-answer", as: "shop-taoran", at: claim("/shop/claims", "awaiting_merchant") },
  { name: "shop-closed", as: "shop-taoran", at: claim("/shop/claims", "closed") },
  { name: "shop-figures", as: "shop-taoran", at: "/shop/figures" },
  { name: "shop-rules", as: "shop-taoran", at: "/shop/rules" },
  { name: "my", as: "buyer", at: "/my" },
  {
    name: "file",
    as: "buyer",
    at: async (get) => `/my/file/${first(await get("/v1/orders?limit=1"), "order of the buyer")}`,
  },
  {
    name: "buyer-claim",
    as: "buyer",
    at: async (get) => `/claims/${first(await get("/v1/claims?limit=1"), "claim of the buyer")}`,
  },
  operator(""),
  operator("claims"),
  operator("rules"),
  {
    name: "operator-rule",
    as: "wu",
    at: async (get) => `/operator/rules/${first(await get("/v1/policies"), "rules")}`,
  },
  operator("people"),
  operator("detectors"),
  operator("shops"),
  operator("users"),
  operator("keys"),
  operator("webhooks"),
  operator("audit"),
];
