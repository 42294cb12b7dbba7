import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

export interface Login {
  login: string;
  password: string;
  role: string;
  name: string;
  party?: string;
}

/** Desk is a server that runs for the tests, filled with the made-up marketplace. */
export interface Desk {
  base: string;
  logins: Login[];
  key: string;
}

declare module "vitest" {
  interface ProvidedContext {
    desk: Desk;
  }
}

const binary = resolve("../build/evenhand");

/** evenhand runs one command to its end and answers what it printed. */
export function evenhand(args: string[], input = ""): string {
  const { status, stdout, stderr } = spawnSync(binary, args, { input, encoding: "utf8" });
  if (status !== 0) throw new Error(`evenhand ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** freePort is one that nobody listens on now. */
export async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const s = createServer();
    s.once("error", failed);
    s.listen(0, "127.0.0.1", () => {
      const address = s.address();
      s.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

interface Start {
  /** path under which it lives: "" or "/desk". */
  path?: string;
  /** demo fills it; otherwise it is as it lies in its folder. */
  demo?: boolean;
  /** port to listen on; a free one otherwise. */
  port?: number;
  /** publicUrl is where browsers reach it, where that is not where it listens. */
  publicUrl?: string;
  /** more is what else is told to evenhand serve. */
  more?: string[];
}

/** startDesk runs the binary on a folder, and waits until it is ready. */
export async function startDesk(
  folder: string,
  { path = "", demo = false, port, publicUrl, more = [] }: Start = {},
): Promise<{ desk: Desk; port: number; stop: () => Promise<void> }> {
  port ??= await freePort();
  const root = `http://127.0.0.1:${port}`;
  const args = [
    "serve",
    ...(demo ? ["--demo"] : []),
    ...more,
    "--data",
    folder,
    "--listen",
    `127.0.0.1:${port}`,
    "--public-url",
    publicUrl ?? root + path,
  ];
  const child = spawn(binary, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (d) => {
    said += d;
  });
  child.stderr.on("data", (d) => {
    said += d;
  });
  await ready(child, `${root}/readyz`, () => said).catch((e) => {
    child.kill();
    throw e;
  });
  const made = demo ? JSON.parse(readFileSync(join(folder, "demo.json"), "utf8")) : { logins: [], key: "" };
  const stop = () =>
    new Promise<void>((done) => {
      child.once("exit", () => done());
      child.kill("SIGTERM");
    });
  return { desk: { base: root + path, logins: made.logins, key: made.key }, port, stop };
}

async function ready(child: ChildProcess, address: string, said: () => string) {
  for (let i = 0; i < 1600; i++) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said()}`);
    const up = await fetch(address).then(
      (r) => r.ok,
      () => false,
    );
    if (up) return;
    await new Promise((r) => setTimeout(r, 250));
  }
  throw new Error(`the server was not ready in time: ${said()}`);
}

export default async function setup(project: TestProject) {
  // EVENHAND_DESK and EVENHAND_DEMO name a desk that runs already and its demo.json: for one who mends a screen.
  const { EVENHAND_DESK: base, EVENHAND_DEMO: file } = process.env;
  if (base && file) {
    const made = JSON.parse(readFileSync(file, "utf8"));
    project.provide("desk", { base, logins: made.logins, key: made.key });
    return undefined;
  }
  if (!existsSync(binary)) throw new Error("build/evenhand is not here: run make build first");
  const folder = mkdtempSync(join(tmpdir(), "evenhand-e2e-"));
  const { desk, stop } = await startDesk(folder, { demo: true });
  project.provide("desk", desk);
  return async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
