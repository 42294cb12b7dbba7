// Measures the console on a desk that runs: node e2e/speed.mjs BASE DEMO.json [NAME]
// Prints JSON, times in ms:
//   first     a browser that was never here: until the sign-in form, the buyer's list, the reviewer's queue stand
//   atLaunch  the same, the browser itself being started in the same moment
//   opened    from the click on a row of the queue to the photo painted
//   lists     how many rows a list holds and how many of them the page draws, at the top and after scrolling
//   pair      the frames of slider, panning and zooming on a pair of 12-megapixel photos
// It files a claim and takes cases: not for a desk in use. make console-speed runs it on two desks.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { chromium } from "playwright-core";

const [base, demoFile, name = "demo"] = process.argv.slice(2);
const login = "lin";
const root = base.replace(/\/$/, "");
const demo = JSON.parse(readFileSync(demoFile, "utf8"));
const width = 4000;
const height = 3000;

const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });

const sorted = (list) => [...list].sort((a, b) => a - b);
const at = (list, share) => sorted(list)[Math.min(list.length - 1, Math.floor(share * list.length))];
const round = (n) => Math.round(n * 10) / 10;
const summary = (list) =>
  list.length === 0
    ? null
    : { n: list.length, median: round(at(list, 0.5)), p95: round(at(list, 0.95)), worst: round(Math.max(...list)) };

async function signInOn(page, who) {
  const { password } = demo.logins.find((l) => l.login === who);
  await page.context().clearCookies();
  await page.goto(`${root}/sign-in`);
  await page.fill('input[name="username"]', who);
  await page.fill('input[name="password"]', password);
  await page.click('button[type="submit"]');
  await page.waitForURL((u) => !u.pathname.endsWith("/sign-in"));
}

/**
 * first opens an address in browsers with nothing kept, each with a profile of its own, and answers the ms until something
 * stands. With settle the browser was started that many ms before; without, its own start runs beside the page's. The page
 * is left alone meanwhile: asking it at each frame whether it is there would be most of the work.
 */
async function first(url, selector, who, look, settle, times = 3) {
  const shown = [];
  const scripts = [];
  let cookies = [];
  for (let i = 0; i < times; i++) {
    const fresh = await launch();
    if (who && i === 0) {
      const c = await fresh.newContext();
      await signInOn(await c.newPage(), who);
      cookies = await c.cookies();
      await c.close();
    }
    const context = await fresh.newContext({ timezoneId: "Asia/Shanghai", ...look });
    await context.addCookies(cookies);
    // The moment at which the next frame with it is painted.
    await context.addInitScript((wanted) => {
      const seen = new MutationObserver(() => {
        if (!document.querySelector(wanted)) return;
        seen.disconnect();
        requestAnimationFrame(() => setTimeout(() => performance.mark("stands")));
      });
      seen.observe(document, { childList: true, subtree: true });
    }, selector);
    const page = await context.newPage();
    let bytes = 0;
    const session = await context.newCDPSession(page);
    await session.send("Network.enable");
    const kinds = new Map();
    session.on("Network.responseReceived", (e) => kinds.set(e.requestId, e.type));
    session.on("Network.loadingFinished", (e) => {
      if (kinds.get(e.requestId) === "Script") bytes += e.encodedDataLength;
    });
    await page.waitForTimeout(settle);
    await page.goto(url, { waitUntil: "commit" });
    for (let n = 0; ; n++) {
      await page.waitForTimeout(3000);
      const stood = await page.evaluate(() => performance.getEntriesByName("stands")[0]?.startTime);
      if (stood) {
        shown.push(stood);
        break;
      }
      if (n > 5) throw new Error(`${url}: ${selector} is not there`);
    }
    scripts.push(bytes);
    await fresh.close();
  }
  return { ...summary(shown), scriptsKB: Math.round(Math.max(...scripts) / 1000) };
}

// What any page costs here: a field, in a page without scripts.
const bare = createServer((_, answer) => {
  answer.setHeader("Content-Type", "text/html");
  answer.end('<!doctype html><title>bare</title><input name="username">');
});
await new Promise((ready) => bare.listen(0, "127.0.0.1", ready));
const wide = { viewport: { width: 1440, height: 900 } };
const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
const field = 'input[name="username"]';
const opens = async (settle) => ({
  bare: await first(`http://127.0.0.1:${bare.address().port}/`, field, undefined, wide, settle),
  signIn: await first(`${root}/sign-in`, field, undefined, wide, settle),
  buyer: await first(`${root}/my`, ".tile", "buyer", phone, settle),
  queue: await first(`${root}/review`, ".q-link", "lin", wide, settle),
  claims: await first(`${root}/operator/claims`, ".op-list > li", "wu", wide, settle),
  overview: await first(`${root}/operator`, ".op-number .num", "wu", wide, settle),
});
const views = await opens(1000);
const atLaunch = await opens(0);
bare.close();

const browser = await launch();
const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, timezoneId: "Asia/Shanghai" });
const page = await context.newPage();
const signIn = (who) => signInOn(page, who);

/** list says how many rows of a list the page draws: at its top, and after loading and scrolling some hundreds. */
async function list(path, row, loaded) {
  await page.goto(root + path);
  await page.locator(row).first().waitFor();
  const drawn = () => page.locator(row).count();
  const top = await drawn();
  for (let i = 0; i < 8; i++) {
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 30_000);
    await page.waitForTimeout(300);
    const more = page.locator("#main .foot button, #main button", { hasText: /更多|more/i }).last();
    if ((await more.count()) > 0) await more.click({ timeout: 2000 }).catch(() => undefined);
    await page.waitForTimeout(300);
  }
  const end = await drawn();
  return { top, afterScrolling: end, loaded: loaded ? await page.evaluate(loaded) : undefined };
}

/** open clicks a row, or presses Enter on it, and answers the ms until its photo stands; rest is how long the cursor rested there. */
async function open(id, rest) {
  await page.goto(`${root}/review?stakes_min=1`); // nothing of the case is kept
  // As in the middle of a working day, another case was open before: the scripts are there.
  await page.locator(`a.q-link[href*="${other}"]`).evaluate((a) => a.click());
  await page.locator(".case").waitFor();
  await page.waitForTimeout(800);
  await page.goBack();
  const row = page.locator(`a.q-link[href*="${id}"]`);
  await row.waitFor();
  await page.waitForTimeout(1200); // the page's own loading is over
  await page.mouse.move(5, 5);
  if (rest > 0) {
    await row.hover();
    await page.waitForTimeout(rest);
  }
  await page.evaluate(() => {
    performance.clearMarks("evenhand-case-painted");
    addEventListener("click", () => performance.mark("evenhand-click"), { capture: true, once: true });
  });
  await row.evaluate((a) => a.click());
  await page.waitForFunction(() => performance.getEntriesByName("evenhand-case-painted").length > 0, undefined, {
    polling: 20,
    timeout: 20_000,
  });
  return page.evaluate(() => {
    const [click] = performance.getEntriesByName("evenhand-click").slice(-1);
    const [painted] = performance.getEntriesByName("evenhand-case-painted").slice(-1);
    return painted.startTime - click.startTime;
  });
}

/** photos draws a listing photo of 12 megapixels, and a copy with damage painted on, cut and scaled a little as a forger's would be. */
const photos = () =>
  page.evaluate(
    async ([w, h]) => {
      let seed = 7;
      const random = () => {
        seed = (seed * 1664525 + 1013904223) % 2 ** 32;
        return seed / 2 ** 32;
      };
      const listing = new OffscreenCanvas(w, h);
      const c = listing.getContext("2d");
      c.fillStyle = "#cfc6b4";
      c.fillRect(0, 0, w, h);
      for (let i = 0; i < 5000; i++) {
        c.fillStyle = `hsl(${random() * 360} ${20 + random() * 50}% ${20 + random() * 60}%)`;
        const s = 4 + 90 * random() ** 3;
        c.beginPath();
        c.ellipse(random() * w, random() * h, s, s * (0.3 + random()), random() * 3, 0, 7);
        c.fill();
      }
      const forged = new OffscreenCanvas(w, h);
      const f = forged.getContext("2d");
      f.drawImage(listing, 60, 40, w - 120, h - 90, 0, 0, w, h);
      f.fillStyle = "#1b1512";
      f.beginPath();
      f.ellipse(w * 0.6, h * 0.5, 420, 130, 0.4, 0, 7);
      f.fill();
      const text = async (canvas, quality) => {
        const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
        const bytes = new Uint8Array(await blob.arrayBuffer());
        let out = "";
        for (let i = 0; i < bytes.length; i += 32768) out += String.fromCharCode(...bytes.subarray(i, i + 32768));
        return btoa(out);
      };
      return { listing: await text(listing, 0.92), forged: await text(forged, 0.85) };
    },
    [width, height],
  );

/** call asks the API with the demonstration's key, as a platform would. */
async function call(method, path, body) {
  const form = body instanceof FormData;
  const answer = await fetch(`${root}${path}`, {
    method,
    headers: {
      Authorization: `Bearer ${demo.key}`,
      ...(form ? {} : { "Content-Type": "application/json", "Idempotency-Key": crypto.randomUUID() }),
    },
    body: form ? body : body && JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? undefined : answer.json();
}

const photo = (purpose, text) => {
  const form = new FormData();
  form.set("purpose", purpose);
  form.set("file", new Blob([Buffer.from(text, "base64")], { type: "image/jpeg" }), `${purpose}.jpg`);
  return form;
};

/** file makes an order with the listing photo and a claim with the forged one, and waits until that has been examined. */
async function file() {
  const { listing, forged } = await photos();
  const model = (await call("GET", "/v1/orders?limit=1")).items[0];
  const id = `SPEED-${Date.now()}`;
  const price = { amount: 12800, currency: "CNY" };
  const day = (n) => new Date(Date.now() - n * 86_400_000).toISOString();
  await call("PUT", `/v1/orders/${id}`, {
    merchant_id: model.merchant_id,
    buyer_id: model.buyer_id,
    lines: [{ id: "1", title: "12 MP", quantity: 1, price }],
    total: price,
    placed_at: day(5),
    shipped_at: day(4),
    delivered_at: day(1),
  });
  await call("POST", `/v1/orders/${id}/media`, photo("listing", listing));
  const claim = await call("POST", "/v1/claims", {
    order_id: id,
    kind: "refund_only",
    reason: "damaged",
    story: "坏了",
  });
  const claimID = claim.claim?.id ?? claim.id;
  const item = await call("POST", `/v1/claims/${claimID}/evidence`, photo("whole", forged));
  for (let i = 0; i < 240; i++) {
    const k = await call("GET", `/v1/claims/${claimID}`);
    if (k.evidence?.every((e) => e.screening)) return { id: claimID, evidence: item.id ?? k.evidence[0].id };
    await new Promise((r) => setTimeout(r, 500));
  }
  throw new Error("the photo was not examined within two minutes");
}

/** frames does something with the mouse step by step and answers the ms between the frames meanwhile. */
async function frames(steps, step) {
  await page.evaluate(() => {
    window.deltas = [];
    let last = performance.now();
    const tick = (now) => {
      window.deltas.push(now - last);
      last = now;
      window.ticking = requestAnimationFrame(tick);
    };
    window.ticking = requestAnimationFrame((now) => {
      last = now;
      window.ticking = requestAnimationFrame(tick);
    });
  });
  for (let i = 0; i < steps; i++) await step(i, steps);
  return page.evaluate(() => {
    cancelAnimationFrame(window.ticking);
    return window.deltas;
  });
}

async function bigPair() {
  const { id, evidence } = await file();
  await signIn("wu"); // an operator may look at a case wherever it stands
  const began = performance.now();
  await page.goto(`${root}/review/${id}`);
  await page.locator(".stage canvas").waitFor({ timeout: 60_000 });
  await page.locator(".stage-range").waitFor({ timeout: 60_000 });
  const ready = performance.now() - began;
  await page.waitForTimeout(1500);
  const box = await page.locator(".stage canvas").boundingBox();
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const swing = (i, n) => middle.x + Math.sin((i / n) * 4 * Math.PI) * box.width * 0.4;
  const drag = async (move) => {
    await page.mouse.move(middle.x, middle.y);
    await page.mouse.down();
    const out = await frames(150, move);
    await page.mouse.up();
    await page.mouse.move(middle.x, middle.y);
    return out;
  };
  const idle = await frames(60, () => page.waitForTimeout(16));
  const slider = await drag((i, n) => page.mouse.move(swing(i, n), middle.y));
  // The slider stands somewhere else now: what is dragged from the middle of the side by side is the picture.
  await page.keyboard.press("d");
  await page.waitForTimeout(500);
  const pan = await drag((i, n) => page.mouse.move(middle.x + 150 + (swing(i, n) - middle.x) / 3, middle.y + i / 3));
  await page.keyboard.press("f");
  await page.keyboard.press("s");
  await page.mouse.move(middle.x + 90, middle.y);
  const zoom = await frames(80, (i, n) => page.mouse.wheel(0, i < n / 2 ? -70 : 70));
  await page.keyboard.press("z");
  await page.waitForTimeout(2500); // the tiles are there
  const sliderAtFull = await drag((i, n) => page.mouse.move(swing(i, n), middle.y));
  return {
    evidence,
    megapixels: (width * height) / 1e6,
    pageToSlider: round(ready),
    idle: summary(idle),
    slider: summary(slider),
    pan: summary(pan),
    zoom: summary(zoom),
    sliderAtFull: summary(sliderAtFull),
  };
}

await signIn(login);
const queue = await page.evaluate(async () => (await fetch("v1/reviews?limit=50&stakes_min=1")).json());
const withPhotos = queue.items.filter((i) => i.strongest).slice(0, 6);
const other = queue.items.find((i) => !i.strongest)?.claim_id;
if (!other || withPhotos.length === 0)
  throw new Error("the queue has too few cases left: begin with a fresh demonstration");
const opened = { rested: [], cold: [] };
for (const item of withPhotos) {
  opened.cold.push(await open(item.claim_id, 0));
  opened.rested.push(await open(item.claim_id, 300));
}
const rows = { queue: await list("/review", ".q-place", () => document.querySelector(".q-table")?.ariaRowCount) };
await signIn("wu");
rows.claims = await list("/operator/claims", ".op-list > li");
rows.audit = await list("/operator/audit", ".op-list > li");
const out = {
  desk: name,
  made: new Date().toISOString(),
  first: views,
  atLaunch,
  opened: { rested: summary(opened.rested), cold: summary(opened.cold) },
  lists: rows,
  pair: await bigPair(),
  note: "ms; software rendering where the machine has no graphics; idle is the machine's own frame time",
};
process.stdout.write(`${JSON.stringify(out, null, 2)}\n`);
await browser.close();
