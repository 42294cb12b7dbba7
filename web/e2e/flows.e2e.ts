import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownWords } from "@/account/own-words";
import { caseWords } from "@/review/case-words";
import { caseKeys, keyWords, queueKeys } from "@/review/keys";
import { reviewWords } from "@/review/words";
import { outcomes, tasks } from "@/words/domain";
import { desktop, haveChromium, type Look, launch, phone, signIn, visit } from "./browser";
import { type Desk, evenhand, startDesk } from "./desk";
import { type Letterbox, openLetterbox } from "./letterbox";

// What several people do with one case, what waits and can be taken back, what
// comes by mail, and what happens while the desk is away. These have a small desk
// of their own, whose rules have every ruling read again.
describe.skipIf(!haveChromium)("the reviewers' desk", () => {
  const folder = mkdtempSync(join(tmpdir(), "evenhand-flows-"));
  const data = join(folder, "data");
  const w = caseWords.zh;
  const english: Look = { language: "en", theme: "dark", width: 1440 };
  let browser: Browser;
  let box: Letterbox;
  let desk: Desk;
  let port: number;
  let stop: () => Promise<void>;
  let shopKey = "";
  let orders = 0;

  const start = async () => {
    const rules = join(folder, "rules.yaml");
    const more = ["--policy", rules, "--smtp-url", box.url, "--no-require-totp"];
    const { desk: at, stop: end, port: on } = await startDesk(data, { port, more });
    stop = end;
    port = on;
    desk = { ...at, logins: desk.logins, key: desk.key };
  };

  beforeAll(async () => {
    browser = await launch();
    box = await openLetterbox();
    const rules = evenhand(["policy", "show-default"]);
    writeFileSync(join(folder, "rules.yaml"), rules.replace("second_reading: 5%", "second_reading: 100%"));
    const password = "a long enough password";
    const people = [
      ["lin", "reviewer"],
      ["chen", "reviewer"],
      ["su", "senior_reviewer"],
    ] as const;
    for (const [login, role] of people)
      evenhand(
        [
          ...["user", "add", login, "--role", role, "--name", login, "--email", `${login}@evenhand.example`],
          ...["--password-stdin", "--data", data],
        ],
        `${password}\n`,
      );
    const key = (name: string, ...more: string[]) => evenhand(["key", "create", name, "--data", data, ...more]).trim();
    desk = {
      base: "",
      logins: people.map(([login, role]) => ({ login, password, role, name: login })),
      key: key("platform"),
    };
    shopKey = key("shop", "--role", "merchant", "--party", "M1");
    await start();
    await call("PUT", "/v1/merchants/M1", { name: "陶然居瓷器" });
  });
  afterAll(async () => {
    await browser.close();
    await stop();
    box.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** call asks the API as a platform does, or the shop. */
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they need of an answer
  const call = async (method: string, path: string, body?: unknown, key = desk.key, match = ""): Promise<any> => {
    const form = body instanceof FormData;
    const answer = await fetch(desk.base + path, {
      method,
      headers: {
        Authorization: `Bearer ${key}`,
        ...(match ? { "If-Match": match } : {}),
        ...(form ? {} : { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }),
      },
      body: form ? body : body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text && JSON.parse(text);
  };
  const claimOf = async (id: string) => (await call("GET", `/v1/claims/${id}`)).claim;
  const until = async (id: string, state: string) => {
    for (let i = 0; i < 100; i++) {
      if ((await claimOf(id)).state === state) return;
      await new Promise((r) => setTimeout(r, 100));
    }
    throw new Error(`claim ${id} is in ${(await claimOf(id)).state}, not in ${state}`);
  };

  /** contested is a claim over so many fen that both sides have spoken about; film is shown with it. */
  const contested = async (fen: number, film?: Buffer): Promise<string> => {
    orders++;
    const day = (n: number) => new Date(Date.now() - n * 86_400_000).toISOString();
    const price = { amount: fen, currency: "CNY" };
    const order = `F-${orders}`;
    await call("PUT", `/v1/orders/${order}`, {
      merchant_id: "M1",
      buyer_id: `B${orders}`,
      lines: [{ id: "1", title: "青花瓷瓶", quantity: 1, price }],
      total: price,
      placed_at: day(5),
      shipped_at: day(4),
      delivered_at: day(1),
    });
    const asked = { order_id: order, kind: "refund_only", reason: "not_received", story: "没有收到。" };
    const { id } = (await call("POST", "/v1/claims", asked)).claim;
    if (film) {
      const form = new FormData();
      form.set("purpose", "other");
      form.set("medium", "video");
      form.set("file", new Blob([new Uint8Array(film)], { type: "video/mp4" }), "film.mp4");
      await call("POST", `/v1/claims/${id}/evidence`, form);
    }
    const match = async () => `"${(await claimOf(id)).version}"`;
    await call("POST", `/v1/claims/${id}/submit`, undefined, desk.key, await match());
    await until(id, "awaiting_merchant");
    await call("POST", `/v1/claims/${id}/contest`, { text: "快递已签收。" }, shopKey, await match());
    await until(id, "review");
    return id;
  };

  const as = async (login: string, look: Look, play: (page: Page) => Promise<void>) => {
    const { page, context, troubles } = await visit(browser, look);
    try {
      await signIn(page, desk, login);
      await play(page);
      expect(troubles).toEqual([]);
    } finally {
      await context.close();
    }
  };
  /** open takes a case of the queue for a task. */
  const open = async (page: Page, id: string, task: string) => {
    await page.goto(`${desk.base}/review/${id}?task=${task}`);
    await page.locator(".decision").waitFor();
  };
  /** refuse writes a refusal by keys alone. */
  const refuse = async (page: Page, text: string) => {
    await page.locator(".outcomes").waitFor();
    await page.keyboard.press("r");
    await page.keyboard.press("c");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !document.activeElement?.closest(".ant-select"));
    await page.keyboard.press("t");
    await page.keyboard.type(text);
    await page.keyboard.press("Control+Enter");
  };
  const said = (page: Page, text: string) => page.locator(".toast", { hasText: text }).waitFor();

  test("from the four-eyes amount on a second person confirms, and a third reads it blind", async () => {
    const id = await contested(150_000);
    await as("lin", desktop, async (page) => {
      await open(page, id, "decide");
      await refuse(page, "物流显示本人签收。");
      await said(page, w.proposed);
      expect((await claimOf(id)).state).toBe("review");
      // Whoever proposed cannot confirm.
      await open(page, id, "confirm");
      await page.getByRole("alert").first().waitFor();
      expect(await page.getByRole("button", { name: w.confirm }).count()).toBe(0);
    });
    await as("chen", english, async (page) => {
      await page.goto(`${desk.base}/review`);
      await page.locator(".q-row", { hasText: tasks.confirm?.en }).getByRole("link").click();
      await page.getByText("物流显示本人签收。").first().waitFor();
      await page.getByRole("button", { name: caseWords.en.confirm }).click();
      await said(page, caseWords.en.confirmed);
      await until(id, "decided");
    });
    await as("su", desktop, async (page) => {
      await page.goto(`${desk.base}/review`);
      await page.locator(".q-row", { hasText: tasks.reread?.zh }).getByRole("link").click();
      await page.getByText(w.rereadAbout).waitFor();
      // Blind: neither the ruling nor its words are on the page.
      expect(await page.getByText("物流显示本人签收。").count()).toBe(0);
      expect(await page.getByRole("heading", { name: w.decision, exact: true }).count()).toBe(0);
      await page.locator(".outcomes button", { hasText: outcomes.refused?.zh }).click();
      await page.getByRole("button", { name: w.rereadSend }).click();
      await said(page, w.rereadDone);
      const figures = await (await page.request.get(`${desk.base}/v1/figures`)).json();
      expect(figures.agreement).toMatchObject({ readings: 1, agreed: 1 });
    });
    expect((await claimOf(id)).state).toBe("decided");
  });

  test("what the second person returns goes to a senior reviewer", async () => {
    const id = await contested(160_000);
    await as("lin", desktop, async (page) => {
      await open(page, id, "decide");
      await refuse(page, "物流显示本人签收。");
      await said(page, w.proposed);
    });
    await as("chen", phone, async (page) => {
      await open(page, id, "confirm");
      await page.getByPlaceholder(w.giveBackNote).fill("签收人不是买家，请再看。");
      await page.getByRole("button", { name: w.giveBack }).tap();
      await said(page, w.giveBack);
    });
    expect((await claimOf(id)).state).toBe("review");
    await as("su", desktop, async (page) => {
      await page.goto(`${desk.base}/review?q=${id}`);
      await page.locator(".q-row", { hasText: reviewWords.zh.senior }).getByRole("link").click();
      await refuse(page, "签收照片与地址一致。");
      await until(id, "decided");
    });
  });

  test("several cases are tried, taken back, and then done at once", async () => {
    const ids = [await contested(1900), await contested(2900), await contested(3900)];
    await as("lin", desktop, async (page) => {
      await page.goto(`${desk.base}/review?kind=refund_only&task=decide`);
      await page.locator(".q-link").nth(2).waitFor();
      for (let i = 0; i < 3; i++) {
        await page.keyboard.press("x");
        await page.keyboard.press("j");
      }
      await page.getByRole("button", { name: reviewWords.zh.bulk }).click();
      const dialog = page.getByRole("dialog");
      await dialog.locator(".ant-select").click();
      await page.locator(".ant-select-item-option").first().click();
      await dialog.locator("textarea").fill("物流显示已投递。");
      await dialog.getByRole("button", { name: "先试算" }).click();
      await dialog.getByText("3 件中 3 件可以执行").waitFor();
      await dialog.getByRole("button", { name: "执行 3 件" }).click();
      await dialog.getByRole("button", { name: "撤销" }).click();
      await page.getByText("已撤销，没有改动任何案件").waitFor();
      for (const id of ids) expect((await claimOf(id)).state).toBe("review");
      await dialog.getByRole("button", { name: "执行 3 件" }).click();
      await dialog.getByText(/[1-8] 秒后对 3 件执行/).waitFor();
      await page.getByText("已处理 3 / 3 件").waitFor({ timeout: 15_000 });
      for (const id of ids) expect((await claimOf(id)).state).toBe("decided");
      await dialog.waitFor({ state: "hidden" });
      expect(await page.locator(".q-bulk").count()).toBe(0);
    });
  });

  test("a film is played, with its key frames to jump to", async () => {
    const id = await contested(9900, readFileSync("e2e/film.mp4"));
    await as("lin", desktop, async (page) => {
      await open(page, id, "decide");
      const plays = await page.evaluate(() =>
        document.createElement("video").canPlayType('video/mp4; codecs="avc1.42E00A"'),
      );
      if (!plays) {
        // A Chromium without H.264 offers the original instead.
        await page.locator(".film-none a").waitFor();
        return;
      }
      const frames = page.locator(".frame");
      await frames.nth(3).waitFor();
      expect(await frames.allTextContents()).toEqual(["0:00", "0:01", "0:02", "0:03"]);
      // The frames are drawn, each another.
      await page.waitForFunction(() => {
        const drawn = [...document.querySelectorAll<HTMLCanvasElement>(".frame canvas")].map((c) => c.toDataURL());
        return new Set(drawn).size === 4;
      });
      await frames.nth(2).click();
      await page.waitForFunction(() => document.querySelector("video")?.currentTime === 2);
    });
  });

  test("while the desk is away one is told, keeps what was written, and goes on afterwards", async () => {
    const id = await contested(8800);
    await as("lin", desktop, async (page) => {
      await open(page, id, "decide");
      await page.locator(".outcomes").waitFor();
      await stop();
      await page.locator(".away").waitFor();
      await refuse(page, "物流显示已投递。");
      await page.locator(".decision .ant-alert-error").waitFor();
      expect(await page.locator("#ruling-text").inputValue()).toBe("物流显示已投递。");
      await start();
      await page.locator(".away").waitFor({ state: "hidden", timeout: 20_000 });
      await page.keyboard.press("Control+Enter");
      await until(id, "decided");
    });
  });

  test("the keys are all named on ?, and the dialog gives the focus back", async () => {
    const id = await contested(7700);
    await as("lin", desktop, async (page) => {
      for (const [path, table] of [
        ["/review", queueKeys],
        [`/review/${id}`, caseKeys],
      ] as const) {
        await page.goto(desk.base + path);
        await page.locator(".q-link, .case").first().waitFor();
        const opener = page.getByRole("button", { name: reviewWords.zh.keys });
        await opener.focus();
        await page.keyboard.press("?");
        const dialog = page.getByRole("dialog");
        await dialog.waitFor();
        for (const name of new Set(table.map((b) => b.name)))
          expect(await dialog.getByText(keyWords.zh[name] ?? name, { exact: true }).count(), name).toBe(1);
        // Tab reaches nothing that lies behind.
        for (let i = 0; i < 6; i++) {
          await page.keyboard.press("Tab");
          const behind = await page.evaluate(() => {
            const e = document.activeElement;
            return e && e !== document.body && !e.closest("dialog, .ant-modal-wrap") ? e.outerHTML : "";
          });
          expect(behind).toBe("");
        }
        await page.keyboard.press("Escape");
        await dialog.waitFor({ state: "hidden" });
        expect(await opener.evaluate((b) => b === document.activeElement)).toBe(true);
      }
    });
  });

  test("the way to the content, the menu and back go by keys, with the focus in sight", async () => {
    await as("lin", desktop, async (page) => {
      await page.goto(`${desk.base}/review`);
      await page.locator(".q-link").first().waitFor();
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter"); // to the content
      expect(await page.evaluate(() => document.activeElement?.id)).toBe("main");
      expect(page.url()).toBe(`${desk.base}/review`);
      expect(await page.title()).toContain(reviewWords.zh.title);
      const menu = page.locator(".head .menu > button");
      await menu.focus();
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Escape");
      expect(await menu.evaluate((b) => b === document.activeElement)).toBe(true);
      // Whatever has the focus shows it.
      for (let i = 0; i < 25; i++) {
        await page.keyboard.press("Tab");
        const bare = await page.evaluate(() => {
          const e = document.activeElement as HTMLElement | null;
          if (!e || e === document.body || e.id === "main") return "";
          const at = [e, e.closest<HTMLElement>(".ant-select, .ant-input-affix-wrapper, .choice")];
          const shown = at.some((x) => {
            const s = x && getComputedStyle(x);
            return s && ((s.outlineStyle !== "none" && s.outlineWidth !== "0px") || s.boxShadow !== "none");
          });
          return shown ? "" : e.outerHTML.slice(0, 120);
        });
        expect(bare).toBe("");
      }
    });
  });

  test("a forgotten password is set anew through the link in a letter", async () => {
    const own = ownWords.en;
    const fresh = "three unrelated words";
    const { page, context, troubles } = await visit(browser, { language: "en", theme: "light", width: 390 });
    await page.goto(`${desk.base}/sign-in`);
    await page.getByRole("link").filter({ hasText: "Forgotten" }).tap();
    // The sign-in page has a field of this name too: what was typed there would be lost.
    await page.getByRole("button", { name: own.send }).waitFor();
    await page.fill('input[name="username"]', "chen");
    await page.getByRole("button", { name: own.send }).tap();
    await page.getByRole("heading", { name: own.sent }).waitFor();
    // Letters about sign-ins from new browsers come too.
    const letter = await box.next("/password#");
    const link = /http:\/\/\S+/.exec(letter)?.[0] ?? "";
    expect(link).toContain(`${desk.base}/password#`);
    await page.goto(link);
    await page.locator('input[type="password"]').fill(fresh);
    await page.getByRole("button", { name: own.save }).tap();
    await page.getByRole("heading", { name: own.saved }).waitFor();
    desk.logins = desk.logins.map((l) => (l.login === "chen" ? { ...l, password: fresh } : l));
    await signIn(page, desk, "chen");
    await page.waitForURL("**/review");
    // The link works once.
    const again = await context.newPage();
    await again.goto(link);
    await again.locator('input[type="password"]').fill("four other unrelated words");
    await again.getByRole("button", { name: own.save }).tap();
    await again.getByRole("alert").waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });
});
