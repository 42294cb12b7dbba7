import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { haveChromium, type Look, launch, looks, signIn, type Visit, visit } from "./browser";
import { screens } from "./screens";

// Every screen is opened, checked by axe and measured for text that is cut off.
// EVENHAND_SHOTS names a folder: then each is drawn into it, in all looks, or
// in those of EVENHAND_LOOKS, such as zh-light-1440; EVENHAND_SCREENS names some.
const folder = process.env.EVENHAND_SHOTS;
const worn: Look[] = folder
  ? looks
  : looks.filter(
      (l) => (l.language === "zh") === (l.width === 1440) && (l.language === "zh") === (l.theme === "light"),
    );
const some = process.env.EVENHAND_LOOKS?.split(",");
const only = process.env.EVENHAND_SCREENS?.split(",");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** settle waits until nothing loads any more, live updates aside. */
async function settle(page: Page) {
  await page.locator("#main").first().waitFor();
  await page.waitForFunction(() => !document.querySelector(".bone, .ant-skeleton, .ant-spin-spinning"), undefined, {
    timeout: 15_000,
  });
  await page.waitForTimeout(folder ? 700 : 250);
}

/** grave lists what axe finds serious or critical: rule, and where. */
async function grave(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe puts itself on the window
    const { violations } = await (window as any).axe.run(document, { resultTypes: ["violations"] });
    return violations
      .filter((v: { impact: string }) => v.impact === "serious" || v.impact === "critical")
      .map((v: { id: string; nodes: { target: string[]; failureSummary: string }[] }) =>
        [v.id, v.nodes.length, v.nodes[0]?.target.join(" "), v.nodes[0]?.failureSummary.split("\n")[1]?.trim()].join(
          " | ",
        ),
      );
  });
}

/** cut lists texts that their box does not show whole, and what makes the page wider than the screen. */
const cut = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const out: string[] = [];
    const wide = document.documentElement.scrollWidth - window.innerWidth;
    if (wide > 1) out.push(`the page is ${wide} px wider than the screen`);
    for (const e of document.querySelectorAll<HTMLElement>(
      "h1, h2, h3, button, .btn, .tag, label, th, dt, .ant-tag, .ant-btn",
    )) {
      if (!e.offsetParent || e.closest(".sr, .skip, [aria-hidden=true], .ant-select, .ant-picker")) continue;
      const style = getComputedStyle(e);
      if (
        style.overflowX !== "visible" &&
        e.scrollWidth > e.clientWidth + 1 &&
        !e.title &&
        style.textOverflow !== "ellipsis" &&
        style.overflowX === "hidden"
      )
        out.push(`${e.tagName} "${e.textContent?.slice(0, 40)}" is cut off`);
    }
    return out;
  });

describe.skipIf(!haveChromium)("every screen", () => {
  const desk = inject("desk");
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
    if (folder) mkdirSync(folder, { recursive: true });
  });
  afterAll(() => browser.close());

  for (const look of worn.filter((l) => !some?.[0] || some.includes(`${l.language}-${l.theme}-${l.width}`)))
    describe(`${look.language} ${look.theme} ${look.width}`, () => {
      const visits = new Map<string, Visit>();
      const as = async (login: string) => {
        let v = visits.get(login);
        if (!v) {
          v = await visit(browser, look);
          if (login) await signIn(v.page, desk, login);
          visits.set(login, v);
        }
        v.troubles.length = 0;
        return v;
      };
      afterAll(async () => {
        for (const v of visits.values()) await v.context.close();
      });
      for (const s of screens.filter((s) => !only || only.includes(s.name)))
        test(s.name, async () => {
          const { page, troubles } = await as(s.as ?? "");
          const get = async (path: string) => (await page.request.get(desk.base + path)).json();
          const path = typeof s.at === "string" ? s.at : await s.at(get, desk);
          await page.goto("about:blank");
          await page.goto(desk.base + path);
          await settle(page);
          await s.before?.(page, desk);
          if (s.before) await page.waitForTimeout(400);
          if (folder)
            await page.screenshot({
              path: join(folder, `${s.name}-${look.language}-${look.theme}-${look.width}.png`),
              fullPage: s.whole || !s.before, // dialogs and bars lie over what one sees, not over the whole page
            });
          expect({ axe: await grave(page), cut: await cut(page), troubles }).toEqual({
            axe: [],
            cut: [],
            troubles: [],
          });
        });
    });
});
