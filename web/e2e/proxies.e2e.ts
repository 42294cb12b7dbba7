import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { filingWords } from "@/buyer/words";
import { haveChromium, launch } from "./browser";
import { evenhand, freePort, startDesk } from "./desk";

// The set-ups of docs/proxies.md, as they stand there: names, ports and files alone are put in.
const page = readFileSync("../docs/proxies.md", "utf8");
const other = readFileSync("../docs/proxies.zh-CN.md", "utf8");
const block = (name: string, of = page) => new RegExp(`\`\`\`${name}\\n([\\s\\S]*?)\`\`\``).exec(of)?.[1] ?? "";

test.each(["nginx", "haproxy", "caddy"])("%s is set up alike on both pages", (name) => {
  expect(block(name)).toContain("127.0.0.1:8080");
  expect(block(name, other)).toBe(block(name));
});

const filing = filingWords.zh;

interface Proxy {
  name: string;
  program: string;
  /** file writes the configuration into a folder and answers the arguments that run it. */
  file(folder: string, port: number, desk: number): string[];
}

const put = (folder: string, name: string, text: string, desk: number) => {
  writeFileSync(join(folder, name), text.replaceAll("127.0.0.1:8080", `127.0.0.1:${desk}`));
  return join(folder, name);
};

const proxies: Proxy[] = [
  {
    name: "nginx",
    program: "/usr/sbin/nginx",
    file: (folder, port, desk) => {
      const server = block("nginx")
        .replace("443 ssl", `127.0.0.1:${port} ssl`)
        .replace("desk.example.com", "localhost")
        .replaceAll("/etc/ssl", folder);
      const temp = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((t) => `${t}_temp_path ${folder}/${t};`);
      const all = `daemon off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${temp.join(" ")} ${server} }`;
      return ["-c", put(folder, "nginx.conf", all, desk), "-p", folder];
    },
  },
  {
    name: "HAProxy",
    program: "/usr/sbin/haproxy",
    file: (folder, port, desk) => {
      const all = block("haproxy").replace("*:443", `127.0.0.1:${port}`).replaceAll("/etc/ssl", folder);
      return ["-db", "-f", put(folder, "haproxy.cfg", all, desk)];
    },
  },
  {
    name: "Caddy",
    program: "/usr/bin/caddy",
    file: (folder, port, desk) => {
      const all = block("caddy")
        .replace("desk.example.com:443", `https://localhost:${port}`)
        .replaceAll("/etc/ssl", folder);
      const quiet = "{\n  admin off\n  auto_https disable_redirects\n  skip_install_trust\n}\n";
      return ["run", "--adapter", "caddyfile", "--config", put(folder, "Caddyfile", quiet + all, desk)];
    },
  },
];

/** certificate makes one for localhost that nobody vouches for. */
function certificate(folder: string) {
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"];
  const made = ["-keyout", join(folder, "desk.key"), "-out", join(folder, "desk.pem")];
  const { status, stderr } = spawnSync("openssl", [
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-nodes",
    "-days",
    "2",
    ...subject,
    ...made,
  ]);
  if (status !== 0) throw new Error(`openssl: ${stderr}`);
  const both = readFileSync(join(folder, "desk.pem"), "utf8") + readFileSync(join(folder, "desk.key"), "utf8");
  writeFileSync(join(folder, "desk-and-key.pem"), both);
}

async function listening(port: number, said: () => string) {
  for (let i = 0; i < 200; i++) {
    const up = await new Promise<boolean>((done) => {
      const s = connect(port, "127.0.0.1", () => {
        s.destroy();
        done(true);
      });
      s.once("error", () => done(false));
    });
    if (up) return;
    await new Promise((r) => setTimeout(r, 100));
  }
  throw new Error(`the proxy does not listen: ${said()}`);
}

describe.skipIf(!haveChromium)("behind a proxy", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launch();
  });
  afterAll(() => browser.close());

  for (const p of proxies) {
    for (const path of ["", "/desk"]) {
      test.skipIf(!existsSync(p.program))(`${p.name} at ${path || "the root"}: a buyer files and uploads`, async () => {
        const folder = mkdtempSync(join(tmpdir(), "evenhand-proxy-"));
        certificate(folder);
        const port = await freePort();
        const data = join(folder, "data");
        mkdirSync(data);
        const password = "a long enough password";
        evenhand(
          ["user", "add", "buyer", "--role", "buyer", "--party", "B1", "--password-stdin", "--data", data],
          `${password}\n`,
        );
        const key = evenhand(["key", "create", "platform", "--data", data]).trim();
        const base = `https://localhost:${port}${path}`;
        const served = await startDesk(data, { path, publicUrl: base, more: ["--trusted-proxy", "127.0.0.1"] });
        let proxy: ChildProcess | undefined;
        const context = await browser.newContext({
          ignoreHTTPSErrors: true,
          locale: "zh-CN",
          viewport: { width: 390, height: 844 },
        });
        try {
          proxy = spawn(p.program, p.file(folder, port, served.port), {
            stdio: ["ignore", "pipe", "pipe"],
            env: { ...process.env, HOME: folder },
          });
          let said = "";
          for (const out of [proxy.stdout, proxy.stderr]) {
            out?.on("data", (d) => {
              said += d;
            });
          }
          await listening(port, () => said);
          const order = {
            ...{
              id: "A1",
              merchant_id: "M1",
              buyer_id: "B1",
              placed_at: new Date(Date.now() - 86_400_000).toISOString(),
            },
            lines: [{ id: "1", title: "青瓷茶杯", quantity: 1, price: { amount: 12_900, currency: "CNY" } }],
            ...{
              total: { amount: 12_900, currency: "CNY" },
              delivered_at: new Date(Date.now() - 3_600_000).toISOString(),
            },
          };
          for (const [to, body] of [
            ["merchants/M1", { name: "陶然居" }],
            ["orders/A1", order],
          ] as const) {
            const r = await context.request.put(`${base}/v1/${to}`, {
              data: body,
              headers: { Authorization: `Bearer ${key}` },
            });
            expect(r.status(), await r.text()).toBeLessThan(300);
          }
          const view = await context.newPage();
          const refused: string[] = [];
          view.on("console", (m) => {
            if (/Content Security Policy|Refused to/.test(m.text())) refused.push(m.text());
          });
          await view.goto(`${base}/sign-in`);
          await view.fill('input[name="username"]', "buyer");
          await view.fill('input[name="password"]', password);
          await view.click('button[type="submit"]');
          await view.waitForURL("**/my");
          await view.goto(`${base}/my/file/A1`);
          const on = view.locator(".bar .primary");
          await view.getByText(filing.reasons.damaged[0], { exact: true }).click();
          await on.click();
          await view.getByText(filing.kinds.return_refund[0], { exact: true }).click();
          await on.click();
          await view.getByRole("heading", { name: filing.evidence }).waitFor();
          await view
            .locator('section.card input[type="file"]')
            .first()
            .setInputFiles({
              name: "photo.jpg",
              mimeType: "image/jpeg",
              buffer: readFileSync("../docs/screens/case.jpg"),
            });
          await view.waitForFunction(() => document.querySelectorAll(".tag.good").length > 0, undefined, {
            timeout: 60_000,
          });
          expect(refused).toEqual([]);
        } finally {
          await context.close();
          if (proxy && proxy.exitCode === null) {
            const ended = new Promise((done) => proxy?.once("exit", done));
            proxy.kill("SIGTERM");
            await ended;
          }
          await served.stop();
          rmSync(folder, { recursive: true, force: true });
        }
      });
    }
  }
});
