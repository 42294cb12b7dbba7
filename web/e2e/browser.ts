import { existsSync } from "node:fs";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import type { Desk } from "./desk";

const executable = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** haveChromium is false where there is no browser; the tests say so and skip. */
export const haveChromium = existsSync(executable);

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: executable,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--hide-scrollbars",
    ],
  });

export interface Look {
  language: "zh" | "en";
  theme: "light" | "dark";
  width: 390 | 1440;
}

export const desktop: Look = { language: "zh", theme: "light", width: 1440 };
export const phone: Look = { language: "zh", theme: "light", width: 390 };

/** every look a screen is drawn and checked in. */
export const looks: Look[] = (["zh", "en"] as const).flatMap((language) =>
  (["light", "dark"] as const).flatMap((theme) => ([1440, 390] as const).map((width) => ({ language, theme, width }))),
);

/** Visit is one person's browser, and what went wrong in it. */
export interface Visit {
  page: Page;
  context: BrowserContext;
  troubles: string[];
}

/** visit opens a fresh browser window in a look; page errors and refused content are collected. */
export async function visit(browser: Browser, look: Look): Promise<Visit> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: look.width === 390 ? 844 : 900 },
    isMobile: look.width === 390,
    hasTouch: look.width === 390,
    timezoneId: "Asia/Shanghai",
    locale: look.language === "zh" ? "zh-CN" : "en-GB", // how the browser itself writes a date field
    reducedMotion: "reduce",
  });
  await wear(context, look);
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("pageerror", (e) => troubles.push(e.message));
  page.on("console", (m) => {
    if (m.type() === "error" && /Content Security Policy|Refused to|React|Warning/i.test(m.text()))
      troubles.push(m.text());
  });
  return { page, context, troubles };
}

/** wear sets language and theme for every page that is opened from now on. */
export async function wear(context: BrowserContext, look: Look) {
  await context.addInitScript(
    (kept) => {
      if (location.protocol !== "about:") localStorage.setItem("evenhand.look", kept);
    },
    JSON.stringify({ language: look.language, theme: look.theme }),
  );
}

/** signIn goes through the sign-in page as somebody would. */
export async function signIn(page: Page, desk: Desk, login: string) {
  const who = desk.logins.find((l) => l.login === login);
  if (!who) throw new Error(`the demo has no ${login}`);
  await page.goto(`${desk.base}/sign-in`);
  await page.fill('input[name="username"]', who.login);
  await page.fill('input[name="password"]', who.password);
  await page.click('button[type="submit"]');
  await page.waitForURL((u) => !u.pathname.endsWith("/sign-in"));
}
