// Measures the console twice, with the demonstration's claims and with 100,000 more: make console-speed.
// Each desk is started anew before it is measured. The figures go to build/console-speed.json, a table to the terminal.
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { resolve } from "node:path";

const build = resolve(import.meta.dirname, "../../build");
const folder = `${build}/speed`;
const claims = process.env.CLAIMS ?? "100000";

const freePort = () =>
  new Promise((done) => {
    const s = createServer().listen(0, "127.0.0.1", () => {
      const { port } = s.address();
      s.close(() => done(port));
    });
  });

async function start(...more) {
  const port = await freePort();
  const base = `http://127.0.0.1:${port}`;
  const args = ["serve", ...more, "--data", folder, "--listen", `127.0.0.1:${port}`];
  const child = spawn(`${build}/evenhand`, args, { stdio: "ignore" });
  for (let i = 0; ; i++) {
    if (child.exitCode !== null || i > 1200) throw new Error("the desk did not start");
    if (
      await fetch(`${base}/readyz`).then(
        (r) => r.ok,
        () => false,
      )
    )
      break;
    await new Promise((r) => setTimeout(r, 250));
  }
  const stop = () =>
    new Promise((done) => {
      child.once("exit", done);
      child.kill("SIGTERM");
    });
  return { base, stop };
}

async function measured(name) {
  const { base, stop } = await start("--no-require-totp"); // the demonstration's people have no second factor
  try {
    process.stderr.write(`Measuring with ${name} ...\n`);
    const run = [resolve(import.meta.dirname, "speed.mjs"), base, `${folder}/demo.json`, name];
    return JSON.parse(execFileSync(process.execPath, run, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] }));
  } finally {
    await stop();
  }
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
process.stderr.write("Making up a marketplace ...\n");
await (await start("--demo")).stop();
const small = await measured("the demonstration");
process.stderr.write(`Laying down ${claims} claims more ...\n`);
execFileSync(`${build}/fill`, ["-data", folder, "-claims", claims], { stdio: "inherit" });
const large = await measured(`${claims} claims more`);
writeFileSync(`${build}/console-speed.json`, `${JSON.stringify([small, large], null, 2)}\n`);

const ms = (s) => `${Math.round(s.median)} (${Math.round(s.worst)})`;
const fps = (s) => `${Math.round(1000 / s.median)}, 95 % within ${Math.round(s.p95)} ms`;
const rows = [
  ["", small.desk, large.desk],
  ...Object.keys(small.first).map((k) => [`first view: ${k}, ms`, ms(small.first[k]), ms(large.first[k])]),
  ...Object.keys(small.atLaunch).map((k) => [
    `the browser started with it: ${k}, ms`,
    ms(small.atLaunch[k]),
    ms(large.atLaunch[k]),
  ]),
  ["scripts of the buyer's pages, kB", small.first.buyer.scriptsKB, large.first.buyer.scriptsKB],
  ["queue to case, cursor on the row, ms", ms(small.opened.rested), ms(large.opened.rested)],
  ["queue to case, nothing loaded, ms", ms(small.opened.cold), ms(large.opened.cold)],
  ...Object.keys(small.lists).map((k) => [
    `rows drawn: ${k}, top / scrolled`,
    `${small.lists[k].top} / ${small.lists[k].afterScrolling}`,
    `${large.lists[k].top} / ${large.lists[k].afterScrolling}`,
  ]),
  ...["idle", "slider", "sliderAtFull", "pan", "zoom"].map((k) => [
    `frames a second: ${k}`,
    fps(small.pair[k]),
    fps(large.pair[k]),
  ]),
];
const wide = [0, 1].map((i) => Math.max(...rows.map((r) => String(r[i]).length)));
for (const r of rows)
  process.stdout.write(`${String(r[0]).padEnd(wide[0])}  ${String(r[1]).padEnd(wide[1])}  ${r[2]}\n`);
process.stdout.write("\nMedian (worst) of several runs; frames are those of a machine without graphics.\n");
