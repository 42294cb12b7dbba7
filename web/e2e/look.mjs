// Takes pictures of one page of a desk that runs: node e2e/look.mjs BASE LOGIN PASSWORD PATH OUT [few]
// In both languages, both themes, 1440 and 390 px wide; with "few": zh light desktop, en dark phone. LOGIN "-" is a visitor.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [base, login, password, path, out, few] = process.argv.slice(2);
mkdirSync(out, { recursive: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
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
const shots = few
  ? [
      ["zh", "light", 1440],
      ["en", "dark", 390],
    ]
  : ["zh", "en"].flatMap((l) => ["light", "dark"].flatMap((t) => [1440, 390].map((w) => [l, t, w])));
const context = await browser.newContext({ timezoneId: "Asia/Shanghai" });
const page = await context.newPage();
page.on("console", (m) => m.type() === "error" && console.log("console:", m.text()));
page.on("pageerror", (e) => console.log("error:", e.message));
const root = base.replace(/\/$/, "");
if (login !== "-") {
  await page.goto(`${root}/sign-in`);
  await page.fill('input[name="username"]', login);
  await page.fill('input[name="password"]', password);
  await page.click('button[type="submit"]');
  await page.waitForURL((u) => !u.pathname.endsWith("/sign-in"));
}
for (const [language, theme, width] of shots) {
  await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
  await page
    .evaluate(
      ([l, t]) => localStorage.setItem("evenhand.look", JSON.stringify({ language: l, theme: t })),
      [language, theme],
    )
    .catch(() => {});
  await page.goto(root + path);
  await page.evaluate(
    ([l, t]) => localStorage.setItem("evenhand.look", JSON.stringify({ language: l, theme: t })),
    [language, theme],
  );
  await page.reload();
  await page.waitForTimeout(1500);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  if (wide > 0) console.log(`${language} ${theme} ${width}: ${wide} px wider than the screen`);
  const name = `${out}/${path.replace(/\W+/g, "-").replace(/^-|-$/g, "") || "start"}-${language}-${theme}-${width}.png`;
  await page.screenshot({ path: name, fullPage: true });
  console.log(name);
}
await browser.close();
