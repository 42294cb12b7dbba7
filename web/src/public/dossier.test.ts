// @vitest-environment node
import { describe, expect, it } from "vitest";
import { check, kindOf } from "./dossier";
import { directory, safeName } from "./zip";

// The archives are made here, byte by byte, so that each fault is known.

interface Part {
  name: string;
  data: Uint8Array<ArrayBuffer>;
  /** another name in the file's own header than in the directory */
  inner?: string;
}

const text = (s: string) => new TextEncoder().encode(s);
const hex = (d: ArrayBuffer) => Array.from(new Uint8Array(d), (b) => b.toString(16).padStart(2, "0")).join("");
const sha = async (d: BufferSource) => hex(await crypto.subtle.digest("SHA-256", d));

function le(...fields: [value: number, bytes: number][]): Uint8Array<ArrayBuffer> {
  const out: number[] = [];
  for (const [v, n] of fields) for (let i = 0; i < n; i++) out.push(Math.floor(v / 256 ** i) % 256);
  return new Uint8Array(out);
}

/** zip packs parts as they are; CRCs are zero, for SHA-256 is what counts. */
function zip(parts: Part[]): Blob {
  const body: Uint8Array<ArrayBuffer>[] = [];
  const dir: Uint8Array<ArrayBuffer>[] = [];
  let at = 0;
  for (const p of parts) {
    const inner = text(p.inner ?? p.name);
    const name = text(p.name);
    const size: [number, number] = [p.data.length, 4];
    const mid: [number, number][] = [[20, 2], [0x800, 2], [0, 2], [0, 4], [0, 4], size, size];
    const local = [le([0x04034b50, 4], ...mid, [inner.length, 2], [0, 2]), inner, p.data];
    body.push(...local);
    dir.push(
      le([0x02014b50, 4], [20, 2], ...mid, [name.length, 2], [0, 2], [0, 2], [0, 2], [0, 2], [0, 4], [at, 4]),
      name,
    );
    at += local.reduce((n, b) => n + b.length, 0);
  }
  const length = dir.reduce((n, b) => n + b.length, 0);
  const end = le([0x06054b50, 4], [0, 4], [parts.length, 2], [parts.length, 2], [length, 4], [at, 4], [0, 2]);
  return new Blob([...body, ...dir, end]);
}

async function signer() {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = await crypto.subtle.exportKey("raw", pair.publicKey);
  const key = {
    id: (await sha(raw)).slice(0, 16),
    algorithm: "Ed25519",
    public_key: btoa(String.fromCharCode(...new Uint8Array(raw))),
  };
  return { key, sign: (d: BufferSource) => crypto.subtle.sign("Ed25519", pair.privateKey, d) };
}

async function events(change?: string): Promise<string> {
  let prev = "";
  const lines: string[] = [];
  for (const no of [1, 2, 3]) {
    const line = JSON.stringify({ id: `E${no}`, no, kind: "claim.submitted", ...(prev ? { prev } : {}) });
    prev = await sha(text(line));
    lines.push(line.replace(/\}$/, `,"hash":"${prev}"}`));
  }
  if (change) lines[1] = (lines[1] ?? "").replace("submitted", change);
  return `${lines.join("\n")}\n`;
}

async function dossier(record?: string) {
  const own = await signer();
  const files: Part[] = [
    { name: "claim.json", data: text("{}") },
    { name: "说明.txt", data: text("你好") },
    { name: "events.jsonl", data: text(record ?? (await events())) },
    { name: "evidence/01-abcdef.jpg", data: new Uint8Array(3000).fill(7) },
  ];
  const manifest = {
    schema: "evenhand.dossier/1",
    claim_id: "C1",
    made_at: "2026-11-25T00:00:00Z",
    depth: "reviewer",
    key: own.key,
    files: await Promise.all(
      files.map(async (f) => ({ name: f.name, size: f.data.length, sha256: await sha(f.data) })),
    ),
  };
  const data = text(JSON.stringify(manifest));
  const signature = new Uint8Array(await own.sign(data));
  const parts = [...files, { name: "manifest.json", data }, { name: "manifest.sig", data: signature }];
  return { parts, ours: own.key.public_key };
}

const codes = async (file: Blob, ours: string) => {
  const r = await check(file, ours, () => {});
  return { r, codes: r.problems.map((p) => p.code).join(" ") };
};

describe("a dossier", () => {
  it("that is whole and ours", async () => {
    const { parts, ours } = await dossier();
    const heard: number[] = [];
    const r = await check(zip(parts), ours, (p) => heard.push(p));
    expect(r).toMatchObject({ whole: true, ours: true, claim_id: "C1", problems: [] });
    expect(r.files).toHaveLength(4);
    expect(heard).toHaveLength(4);
    expect(kindOf(r)).toBe("genuine");
  });

  it("of another desk is whole but not ours", async () => {
    const { parts } = await dossier();
    const { r } = await codes(zip(parts), (await signer()).key.public_key);
    expect(r).toMatchObject({ whole: true, ours: false, problems: [{ code: "other_key" }] });
    expect(kindOf(r)).toBe("foreign");
  });

  const changed: [string, (p: Part[]) => Part[], string][] = [
    [
      "a changed picture",
      (p) => p.map((x) => (x.name.endsWith(".jpg") ? { ...x, data: new Uint8Array(3000) } : x)),
      "changed",
    ],
    [
      "a shorter picture",
      (p) => p.map((x) => (x.name.endsWith(".jpg") ? { ...x, data: x.data.slice(1) } : x)),
      "changed",
    ],
    ["a picture taken out", (p) => p.filter((x) => !x.name.endsWith(".jpg")), "missing"],
    ["a picture added", (p) => [...p, { name: "evidence/99.jpg", data: text("x") }], "extra"],
    [
      "a changed list",
      (p) =>
        p.map((x) =>
          x.name === "manifest.json"
            ? { ...x, data: text(new TextDecoder().decode(x.data).replace("2026", "2025")) }
            : x,
        ),
      "signature",
    ],
    [
      "another signature",
      (p) => p.map((x) => (x.name === "manifest.sig" ? { ...x, data: new Uint8Array(64) } : x)),
      "signature",
    ],
    [
      "a long signature",
      (p) => p.map((x) => (x.name === "manifest.sig" ? { ...x, data: new Uint8Array(65) } : x)),
      "signature",
    ],
    ["no signature", (p) => p.filter((x) => x.name !== "manifest.sig"), "not_a_dossier"],
    ["a path upwards", (p) => [...p, { name: "../x", data: text("x") }], "name"],
    ["one name twice, in capitals", (p) => [...p, { name: "CLAIM.JSON", data: text("{}") }], "name"],
    [
      "two names for one file",
      (p) => p.map((x) => (x.name === "claim.json" ? { ...x, inner: "clain.json" } : x)),
      "layout",
    ],
    ["another ZIP", () => [{ name: "x.txt", data: text("x") }], "not_a_dossier"],
  ];
  it.each(changed)("with %s", async (_, change, want) => {
    const { parts, ours } = await dossier();
    const got = await codes(zip(change(parts)), ours);
    expect(got.codes).toBe(want);
    expect(got.r.whole).toBe(false);
    expect(["altered", "nothing"]).toContain(kindOf(got.r));
  });

  it("whose record was altered before it was signed", async () => {
    const { parts, ours } = await dossier(await events("withdrawn"));
    expect((await codes(zip(parts), ours)).codes).toBe("record");
  });

  it("that is cut off, has something before or after, or is nothing", async () => {
    const { parts, ours } = await dossier();
    const whole = zip(parts);
    for (const file of [
      whole.slice(0, whole.size - 30),
      new Blob(["#!/bin/sh\n", whole]),
      new Blob([whole, "tail"]),
      new Blob([]),
    ]) {
      const { r, codes: c } = await codes(file, ours);
      expect(c).toBe("not_a_dossier");
      expect(kindOf(r)).toBe("nothing");
    }
  });
});

describe("names in a ZIP", () => {
  it("are plain relative paths", () => {
    for (const good of ["a.txt", "evidence/01-ab.jpg", "说明.txt", "a b.txt"]) expect(safeName(good)).toBe(true);
    for (const bad of [
      "",
      "/a",
      "a//b",
      "./a",
      "a/..",
      "a\\b",
      "C:a",
      "a.",
      "a ",
      "a\u202eb",
      "a\u0000",
      "a\u3000b",
      "x".repeat(201),
    ])
      expect(safeName(bad), JSON.stringify(bad)).toBe(false);
  });
  it("stand in the order of the files", async () => {
    const list = await directory(
      zip([
        { name: "a", data: text("1") },
        { name: "b", data: text("22") },
      ]),
    );
    expect(list.map((e) => [e.name, e.size])).toEqual([
      ["a", 1],
      ["b", 2],
    ]);
  });
});
