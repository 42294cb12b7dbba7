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
  /** whole draws all of the page, though before had something to do. */
  whole?: boolean;
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
  const free = orders.filter(
    (o: { id: string }) => o.id !== "E2E-CUPS" && !taken.some((c: { order_id: string }) => c.order_id === o.id),
  );
  return first({ items: free }, "order without a claim");
};

/** reviewable is the most pressing case of the queue that something was found in. */
const reviewable = async (get: Get) => {
  const { items } = await get("/v1/reviews?limit=50");
  const found = items.find((i: { strongest?: object }) => i.strongest) ?? items[0];
  return `/review/${found.claim_id}`;
};

/** tell has the platform say something, as it does over its key; what was said before is no trouble. */
async function tell(desk: Desk, method: string, path: string, body: object): Promise<void> {
  const headers: Record<string, string> = { Authorization: `Bearer ${desk.key}`, "Content-Type": "application/json" };
  const at = path.match(/^\/v1\/claims\/[^/]+(?=\/)/)?.[0];
  if (at) headers["If-Match"] = (await fetch(desk.base + at, { headers })).headers.get("ETag") ?? "";
  const answer = await fetch(desk.base + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
}

/** cups is an order of three cups and a vase, that nobody has claimed of. */
const cups = async (desk: Desk) => {
  const { items } = await (
    await fetch(`${desk.base}/v1/orders?limit=1`, { headers: { Authorization: `Bearer ${desk.key}` } })
  ).json();
  const cny = (amount: number) => ({ amount, currency: "CNY" });
  const day = 86_400_000;
  await tell(desk, "PUT", "/v1/orders/E2E-CUPS", {
    merchant_id: items[0].merchant_id,
    buyer_id: "B10001",
    lines: [
      { id: "1", title: "青瓷茶杯", quantity: 3, price: cny(3990) },
      { id: "2", title: "影青花瓶", quantity: 1, price: cny(16800) },
    ],
    total: cny(28_000),
    placed_at: new Date(Math.floor(Date.now() / day - 6) * day).toISOString(),
    delivered_at: new Date(Math.floor(Date.now() / day - 3) * day).toISOString(),
  });
  return "E2E-CUPS";
};

/** stuck is a closed claim of the buyer whose remedy failed; ordered again where again is said. It may be taken twice. */
const stuck = async (desk: Desk, again = false) => {
  const headers = { Authorization: `Bearer ${desk.key}` };
  const { items } = await (await fetch(`${desk.base}/v1/claims?limit=200&state=closed`, { headers })).json();
  const mine = items.filter(
    (c: { buyer_id: string; remedy?: { state: string } }) => c.buyer_id === "B10001" && c.remedy,
  );
  const [c] = mine;
  if (!c) throw new Error("the demo's buyer has no claim that ended with a remedy");
  const said = { text: "银行退回：收款账户已注销。The bank returned it: the account is closed." };
  if (c.remedy.state !== "failed") await tell(desk, "POST", `/v1/claims/${c.id}/remedy/failed`, said);
  if (again) await tell(desk, "POST", `/v1/claims/${c.id}/remedy/again`, {});
  return c.id as string;
};

/** photo is a picture as a camera makes one: small, and whole. */
const photo = async (page: Page) => {
  const data = await page.evaluate(async () => {
    const c = new OffscreenCanvas(640, 480);
    const x = c.getContext("2d");
    if (!x) return [];
    const shade = x.createLinearGradient(0, 0, 640, 480);
    shade.addColorStop(0, "#6f9c8f");
    shade.addColorStop(1, "#27433c");
    x.fillStyle = shade;
    x.fillRect(0, 0, 640, 480);
    return [...new Uint8Array(await (await c.convertToBlob({ type: "image/jpeg" })).arrayBuffer())];
  });
  return Buffer.from(data);
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
  { name: "problem", at: "/v1/evidence/none/content?from=singlemessage" },
  {
    name: "again",
    as: "wu",
    at: "/operator/keys",
    before: async (page) => {
      await page.route("**/v1/keys", (r) =>
        r.request().method() === "POST"
          ? r.fulfill({ status: 403, contentType: "application/problem+json", body: '{"code":"confirm","status":403}' })
          : r.fallback(),
      );
      await page.locator(".page-head .btn.primary").click();
      const dialog = page.getByRole("dialog");
      await dialog.locator("input.input, input[type=text]").first().fill("E2E");
      await dialog.locator("input[type=checkbox]").first().check();
      await dialog.locator(".ant-btn-primary, .btn.primary").click();
      await page.locator("input[type=password]").waitFor();
    },
  },
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
    name: "file-units",
    whole: true,
    as: "buyer",
    at: async (_, desk) => `/my/file/${await cups(desk)}`,
    before: async (page) => {
      await page.locator(".choice input").first().check();
      await page.locator(".stepper button").last().click();
    },
  },
  {
    name: "file-twice",
    as: "buyer",
    at: async (get) => `/my/file/${await unclaimed(get)}?step=reason`,
    before: async (page) => {
      await page.locator(".choice").first().click();
      await page.locator(".bar .primary").click();
      await page.locator('.choice:has(input[name="kind"])').first().click();
      await page.locator(".bar .primary").click();
      const slots = page.locator('section.card input[type="file"]:not([capture])');
      await slots.first().waitFor({ state: "attached" });
      const file = { name: "IMG_2041.jpg", mimeType: "image/jpeg", buffer: await photo(page) };
      await slots.first().setInputFiles(file);
      await page.locator(".thumbs img, .sendings .twice").first().waitFor();
      await slots.last().setInputFiles(file);
      await page.locator(".sendings .twice").first().scrollIntoViewIfNeeded();
    },
  },
  { name: "buyer-remedy-failed", as: "buyer", at: async (_, desk) => `/claims/${await stuck(desk)}` },
  { name: "buyer-remedy-again", as: "buyer", at: async (_, desk) => `/claims/${await stuck(desk, true)}` },
  { name: "case-remedy-failed", as: "wu", at: async (_, desk) => `/review/${await stuck(desk)}` },
  {
    name: "shop-photo-later",
    as: "shop-taoran",
    at: async (get) => {
      const { items } = await get("/v1/claims?limit=50");
      return `/shop/claims/${first({ items: items.filter((c: { evidence?: object[] }) => c.evidence?.length) }, "claim with photos")}`;
    },
    before: async (page) => {
      await page.route(/preview\?size=1920/, (r) =>
        r.fulfill({ status: 503, headers: { "Retry-After": "30" }, body: "" }),
      );
      await page.locator(".thumb").first().click();
      await page.locator(".large-none .btn").waitFor();
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
    whole: true,
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
