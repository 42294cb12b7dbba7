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
  before?: (page: Page, desk: Desk) => Promise<void>;
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

/** unclaimed is an order that the buyer may file a claim about, or has a draft for. */
const unclaimed = async (get: Get) => {
  const { items: orders } = await get("/v1/orders?limit=50");
  const { items: claims } = await get("/v1/claims?limit=50");
  const taken = claims.filter((c: { state: string }) => c.state !== "draft");
  const free = orders.filter((o: { id: string }) => !taken.some((c: { order_id: string }) => c.order_id === o.id));
  return first({ items: free }, "order without a claim");
};

/** reviewable is the most pressing case of the queue that something was found in. */
const reviewable = async (get: Get) => {
  const { items } = await get("/v1/reviews?limit=50");
  const found = items.find((i: { strongest?: object }) => i.strongest) ?? items[0];
  return `/review/${found.claim_id}`;
};

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
  {
    name: "progress-found",
    at: "/progress",
    before: async (page, desk) => {
      const answer = await fetch(`${desk.base}/v1/claims?limit=1&state=decided`, {
        headers: { Authorization: `Bearer ${desk.key}` },
      });
      await page.locator("input").fill(first(await answer.json(), "decided claim"));
      await page.keyboard.press("Enter");
      await page.waitForTimeout(600);
    },
  },
  { name: "check", at: "/check" },
  { name: "not-found", at: "/no/such/page" },
  { name: "forbidden", as: "lin", at: "/operator/users" },
  { name: "account", as: "lin", at: "/account" },
  { name: "queue", as: "lin", at: "/review" },
  { name: "queue-empty", as: "lin", at: "/review?q=nothing-has-this-number" },
  { name: "queue-keys", as: "lin", at: "/review", before: (page) => page.keyboard.press("?") },
  { name: "case", as: "lin", at: reviewable },
  {
    name: "case-ruling",
    as: "lin",
    at: reviewable,
    before: async (page) => {
      await page.locator(".decision .btn.primary").click();
      await page.locator(".outcomes").waitFor();
      await page.keyboard.press("r");
      await page.locator(".finding input").first().check();
      await page.keyboard.press("t");
      await page.keyboard.type("照片由商品图改成，看不出收到的商品是坏的。");
    },
  },
  {
    name: "case-keys",
    as: "lin",
    at: reviewable,
    before: (page) => page.keyboard.press("?"),
  },
  {
    name: "queue-bulk",
    as: "lin",
    at: "/review",
    before: async (page) => {
      for (let i = 0; i < 2; i++) {
        await page.keyboard.press("x");
        await page.keyboard.press("j");
      }
      await page.locator(".q-bulk .btn.primary").click();
      await page.locator(".ant-modal").waitFor();
    },
  },
  { name: "case-closed", as: "wu", at: claim("/review", "closed") },
  { name: "shop-inbox", as: "shop-taoran", at: "/shop" },
  { name: "shop-answer", as: "shop-taoran", at: claim("/shop/claims", "awaiting_merchant") },
  { name: "shop-closed", as: "shop-taoran", at: claim("/shop/claims", "closed") },
  { name: "shop-figures", as: "shop-taoran", at: "/shop/figures" },
  { name: "shop-rules", as: "shop-taoran", at: "/shop/rules" },
  { name: "my", as: "buyer", at: "/my" },
  { name: "file", as: "buyer", at: async (get) => `/my/file/${await unclaimed(get)}?step=reason` },
  {
    name: "file-photos",
    as: "buyer",
    at: async (get) => `/my/file/${await unclaimed(get)}?step=reason`,
    before: async (page) => {
      await page.locator(".choice").first().click();
      await page.locator(".bar .primary").click();
      await page.locator('.choice:has(input[name="kind"])').first().click();
      await page.locator(".bar .primary").click();
      await page.locator(".pick").first().waitFor();
    },
  },
  {
    name: "buyer-claim",
    as: "buyer",
    at: async (get) => {
      const { items } = await get("/v1/claims?limit=50");
      return `/claims/${first({ items: items.filter((c: { state: string }) => c.state === "review").slice(-1) }, "claim of the buyer in review")}`;
    },
  },
  operator(""),
  operator("claims"),
  operator("rules"),
  {
    name: "operator-rule",
    as: "wu",
    at: async (get) => `/operator/rules/${first(await get("/v1/policies"), "rules")}`,
  },
  {
    name: "operator-rule-changes",
    as: "wu",
    at: "/operator/rules/new",
    before: async (page) => {
      await page.locator(".cm-content").waitFor();
      await page.locator(".rules-tabs a").nth(2).click();
      await page.waitForTimeout(300);
    },
  },
  operator("people"),
  operator("detectors"),
  operator("shops"),
  operator("users"),
  {
    name: "operator-user-new",
    as: "wu",
    at: "/operator/users",
    before: async (page) => {
      await page.locator(".page-head .btn.primary").click();
      await page.getByRole("dialog").waitFor();
    },
  },
  operator("keys"),
  operator("webhooks"),
  {
    name: "operator-import",
    as: "wu",
    at: "/operator/import",
    before: async (page) => {
      const rows = [
        "订单号,商家编号,买家编号,商品名称,数量,单价,下单时间,备注",
        "I1,m1,b1,青瓷茶杯,2,39.90,2026-11-01 09:30:00,",
        "I2,m1,b1,花瓶,一,168.00,2026-11-01 09:30:00,",
      ];
      await page
        .locator('input[type="file"]')
        .setInputFiles({ name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) });
      await page.locator(".op-numbers").waitFor();
    },
  },
  operator("audit"),
];
