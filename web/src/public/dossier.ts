import type { DossierFile, DossierReport, Event } from "@/api/schema";
import { directory, type Entry, read, safeName, ZipError, type ZipFault } from "./zip";

// Checks a dossier as desk/dossier/check.go does, in the browser: nothing of
// the file leaves it.

/** Fault is what can be wrong with a dossier; the server uses the same codes. */
export type Fault = ZipFault | "signature" | "key" | "other_key" | "missing" | "changed" | "extra" | "record";

/** Result is a DossierReport without the server's sentences: the page has its own. */
export type Result = Omit<DossierReport, "problems"> & { problems: { code: string }[] };

interface Manifest {
  schema: string;
  claim_id: string;
  made_at: string;
  depth: string;
  key: { id: string; algorithm: string; public_key: string };
  files: { name: string; size: number; sha256: string }[];
}

/** largest is how many bytes one file may have to be hashed here: WebCrypto takes it whole. */
export const largest = 512 * 1024 * 1024;
const maxManifest = 1 << 20;

const hex = (data: ArrayBuffer) => Array.from(new Uint8Array(data), (b) => b.toString(16).padStart(2, "0")).join("");
const sha256 = async (data: BufferSource) => hex(await crypto.subtle.digest("SHA-256", data));

/** canCheck is whether this browser has what it takes: a secure page, and Ed25519. */
export async function canCheck(file: Blob): Promise<boolean> {
  if (file.size > 2 ** 32 || typeof DecompressionStream === "undefined" || !globalThis.crypto?.subtle) return false;
  try {
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return (await directory(file)).every((e) => e.size <= largest);
  } catch (error) {
    return error instanceof ZipError; // what is wrong with it, check says
  }
}

/**
 * check says what a dossier is worth. ours is the desk's public key in base64;
 * told hears which part (0 to 1) has been read.
 */
export async function check(file: Blob, ours: string, told: (part: number) => void): Promise<Result> {
  const out: Result = { whole: false, ours: false, files: [], problems: [] };
  try {
    await new Checker(file, ours, told, out).run();
  } catch (error) {
    if (!(error instanceof ZipError)) throw error;
    problem(out, error.code);
  }
  out.whole = out.problems.every((p) => p.code === "other_key");
  return out;
}

function problem(out: Result, code: Fault) {
  if (!out.problems.some((p) => p.code === code)) out.problems.push({ code });
}

class Checker {
  private list = new Map<string, Entry>();
  constructor(
    private file: Blob,
    private ours: string,
    private told: (part: number) => void,
    private out: Result,
  ) {}

  async run() {
    for (const e of await directory(this.file)) this.list.set(e.name, e);
    const m = await this.manifest();
    this.out.claim_id = m.claim_id;
    this.out.made_at = m.made_at;
    this.out.key_id = m.key.id;
    await this.files(m);
  }

  /** manifest reads the list of files and holds it against its signature. */
  private async manifest(): Promise<Manifest> {
    const main = this.list.get("manifest.json");
    const sign = this.list.get("manifest.sig");
    if (!main || !sign) throw new ZipError("not_a_dossier");
    const data = await read(this.file, main, maxManifest).catch(() => {
      throw new ZipError("not_a_dossier");
    });
    const m = parse(data);
    const key = await publicKey(m.key);
    if (!key) {
      problem(this.out, "key");
      problem(this.out, "other_key");
      return m;
    }
    this.out.ours = m.key.public_key === this.ours;
    if (!this.out.ours) problem(this.out, "other_key");
    const signature = sign.size === 64 ? await read(this.file, sign, 64) : new ArrayBuffer(0);
    if (!(await crypto.subtle.verify("Ed25519", key, signature, data))) problem(this.out, "signature");
    return m;
  }

  /** files compares each file with its line of the manifest. */
  private async files(m: Manifest) {
    const known = new Set(["manifest.json", "manifest.sig"]);
    const whole = m.files.reduce((sum, f) => sum + f.size, 1);
    let done = 0;
    for (const f of m.files) {
      known.add(f.name);
      const one: DossierFile = { name: f.name, size: f.size, ok: false };
      const e = this.list.get(f.name);
      const data = e && e.size === f.size ? await read(this.file, e, largest).catch(() => undefined) : undefined;
      if (!e) one.problem = "missing";
      else if (!data || (await sha256(data)) !== f.sha256) one.problem = "changed";
      else one.ok = true;
      if (one.problem) problem(this.out, one.problem as Fault);
      if (data && one.ok && f.name === "events.jsonl" && !(await chained(data, m.depth === "reviewer")))
        problem(this.out, "record");
      this.out.files.push(one);
      done += f.size;
      this.told(done / whole);
    }
    for (const e of this.list.values())
      if (!known.has(e.name)) {
        this.out.files.push({ name: e.name, size: e.size, ok: false, problem: "extra" });
        problem(this.out, "extra");
      }
  }
}

/** parse reads a manifest, and takes nothing that a desk would not have written. */
function parse(data: ArrayBuffer): Manifest {
  let m: Partial<Manifest> | undefined;
  try {
    m = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(data));
  } catch {
    throw new ZipError("not_a_dossier");
  }
  const files = m?.files;
  const seen = new Set(["manifest.json", "manifest.sig"]);
  const plain =
    m?.schema === "evenhand.dossier/1" &&
    /^[A-Za-z0-9_.:-]{1,64}$/.test(m.claim_id ?? "") &&
    Array.isArray(files) &&
    files.length > 0 &&
    files.length <= 2000 &&
    files.every((f) => {
      if (typeof f?.name !== "string" || seen.has(f.name) || !safeName(f.name)) return false;
      seen.add(f.name);
      return Number.isSafeInteger(f.size) && f.size >= 0 && /^[0-9a-f]{64}$/.test(f.sha256);
    });
  if (!plain) throw new ZipError("not_a_dossier");
  return { made_at: "", depth: "", ...m, key: m?.key ?? { id: "", algorithm: "", public_key: "" } } as Manifest;
}

/** publicKey is the key that a manifest names; undefined where it is none, or not the one its id names. */
async function publicKey(k: Manifest["key"]): Promise<CryptoKey | undefined> {
  try {
    const raw = Uint8Array.from(atob(k.public_key), (c) => c.charCodeAt(0));
    if (raw.length !== 32 || k.algorithm !== "Ed25519" || (await sha256(raw)).slice(0, 16) !== k.id) return undefined;
    return await crypto.subtle.importKey("raw", raw, "Ed25519", false, ["verify"]);
  } catch {
    return undefined;
  }
}

/** chained is whether each event names the one before; with all, each one's own hash is reckoned again too. */
export async function chained(data: ArrayBuffer, all: boolean): Promise<boolean> {
  const lines = new TextDecoder().decode(data).split("\n");
  let prev = "";
  let no = 0;
  for (const line of lines) {
    if (!line) continue;
    let e: Event;
    try {
      e = JSON.parse(line);
    } catch {
      return false;
    }
    if ((e.prev ?? "") !== prev || e.no !== no + 1 || !e.hash) return false;
    // An event's hash covers its line without the hash, which stands at its end.
    const hashed = line.replace(`,"hash":"${e.hash}"}`, "}");
    if (all && (await sha256(new TextEncoder().encode(hashed))) !== e.hash) return false;
    prev = e.hash;
    no = e.no;
  }
  return true;
}

type Kind = "genuine" | "foreign" | "altered" | "nothing";

/** kindOf is what a result comes to, in one word. */
export function kindOf(r: Result): Kind {
  if (!r.claim_id) return r.problems.some((p) => p.code === "not_a_dossier") ? "nothing" : "altered";
  if (!r.whole) return "altered";
  return r.ours ? "genuine" : "foreign";
}
