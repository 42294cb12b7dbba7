import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { desktop, haveChromium, launch, phone, signIn, visit } from "./browser";
import { startDesk } from "./desk";

describe.skipIf(!haveChromium)("the door", () => {
  const desk = inject("desk");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  test("a wrong password is said, the right one leads to one's work", async () => {
    const { page, troubles, context } = await visit(browser, desktop);
    await page.goto(`${desk.base}/sign-in`);
    await page.fill('input[name="username"]', "lin");
    await page.fill('input[name="password"]', "not the password");
    await page.click('button[type="submit"]');
    expect(await page.getByRole("alert").textContent()).toMatch(/密码/);
    await signIn(page, desk, "lin");
    await page.waitForURL("**/review");
    expect(await page.evaluate(() => Object.keys(localStorage).concat(Object.keys(sessionStorage)))).toEqual([
      "evenhand.look",
    ]);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("a page that one's roles do not open says so, and one that is not there too", async () => {
    const { page, context } = await visit(browser, desktop);
    await signIn(page, desk, "lin");
    await page.goto(`${desk.base}/operator/users`);
    await page.getByRole("heading", { name: "当前账号无权访问" }).waitFor();
    await page.goto(`${desk.base}/no/such/place`);
    await page.getByRole("heading", { name: "这里没有页面" }).waitFor();
    await context.close();
  });

  test("somebody who is not signed in comes back to where they were going", async () => {
    const { page, context } = await visit(browser, desktop);
    await page.goto(`${desk.base}/review?task=decide`);
    await page.waitForURL("**/sign-in?to=*");
    const lin = desk.logins.find((l) => l.login === "lin");
    await page.fill('input[name="username"]', "lin");
    await page.fill('input[name="password"]', lin?.password ?? "");
    await page.click('button[type="submit"]');
    await page.waitForURL("**/review?task=decide");
    await page.goto(`${desk.base}/sign-in?to=//elsewhere.example/`);
    await page.waitForURL("**/review");
    await context.close();
  });

  test("a provider's button leads there and back, and what it refused is said in words", async () => {
    const { page, troubles, context } = await visit(browser, desktop);
    const offer = { mail: false, oidc: true, providers: [{ name: "公司账号", start: "/v1/oidc/start" }], demo: false };
    await page.route("**/v1/console", (r) => r.fulfill({ json: { ...offer, version: "x" } }));
    await page.goto(`${desk.base}/sign-in?to=/review&refused=provider_away`);
    expect(await page.getByRole("alert").textContent()).toContain("暂时无法连接");
    const to = await page.getByRole("link", { name: "用 公司账号 登录" }).getAttribute("href");
    expect(to).toBe(`${desk.base}/v1/oidc/start?return=%2Freview`);
    await page.goto(`${desk.base}/sign-in?refused=constructor`);
    await page.locator('input[name="username"]').waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    expect(troubles).toEqual([]);
    await context.close();
  });

  test("a buyer's pages load no more than 250 kB of scripts", async () => {
    const { page, context } = await visit(browser, phone);
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const scripts = new Map<string, number>();
    const kinds = new Map<string, string>();
    session.on("Network.responseReceived", (e) => kinds.set(e.requestId, e.type));
    session.on("Network.loadingFinished", (e) => scripts.set(e.requestId, e.encodedDataLength));
    await signIn(page, desk, "buyer");
    await page.waitForLoadState("networkidle");
    let bytes = 0;
    for (const [id, length] of scripts) if (kinds.get(id) === "Script") bytes += length;
    expect(bytes).toBeGreaterThan(50_000);
    expect(bytes).toBeLessThan(250_000);
    await context.close();
  });

  test("it works under a path of its own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "evenhand-path-"));
    const { desk: under, stop } = await startDesk(folder, { path: "/after/sales" });
    try {
      const { page, troubles, context } = await visit(browser, desktop);
      await page.goto(`${under.base}/`);
      await page.getByRole("link", { name: "登录" }).first().click();
      await page.waitForURL("**/after/sales/sign-in");
      await page.reload();
      await page.locator('input[name="username"]').waitFor();
      expect(await page.locator(".brand img").evaluate((i: HTMLImageElement) => i.naturalWidth)).toBeGreaterThan(0);
      expect(troubles).toEqual([]);
      await context.close();
    } finally {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
