// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { expect, test } from "vitest";

/** What each room of the console may import, beside its own files. Imports point down; see ARCHITECTURE.md of the desk. */
type Rooms = Record<string, readonly string[]>;

// The floor, lowest first: the generated types, words, the way to the desk, what pages are made of, who looks.
const floor: Rooms = {
  "api/schema": [],
  words: ["api/schema"],
  api: ["api/schema", "words"],
  ui: ["api", "words"],
  session: ["api/schema", "api", "words"],
};

// The subjects stand on the floor, all of it; here stands which other subjects each of them uses.
const subjects: Rooms = {
  account: [],
  accounts: [],
  audit: [],
  buyer: ["claim", "shop"],
  claim: [],
  claims: [],
  figures: ["claims"],
  imports: [],
  public: [],
  quality: [],
  review: ["claim", "viewer"],
  rules: [],
  shop: ["claim"],
  shops: ["claims"],
  viewer: [],
  webhooks: [],
};

// The roof: it may use everything, and nothing uses it.
const roof: Rooms = { shell: [], "main.tsx": ["shell"] };

interface Import {
  from: string;
  to: string;
}

/** roomOf is the room of a file: the one with the longest name that its path begins with. */
const roomOf = (file: string) =>
  [floor, subjects, roof]
    .flatMap((r) => Object.keys(r))
    .filter((r) => file === r || file.startsWith(`${r}/`) || file.startsWith(`${r}.`))
    .sort((a, b) => b.length - a.length)[0];

/** misplaced says what of these imports points elsewhere than down. */
function misplaced(imports: Import[]): string[] {
  const out: string[] = [];
  for (const { from, to } of imports) {
    const [a, b] = [roomOf(from), roomOf(to)];
    if (!a || !b) out.push(`${a ? to : from} is in no room that this test knows`);
    else if (a === b) continue;
    else if (a in floor ? !floor[a]?.includes(b) : b in roof && a !== "main.tsx")
      out.push(`${from} → ${to}: imports point down`);
    else if (a in subjects && b in subjects && !subjects[a]?.includes(b))
      out.push(`${from} → ${to}: ${a} may not use ${b}`);
  }
  return out;
}

/** unused are the allowances that no import needs. */
function unused(imports: Import[]): string[] {
  const used = new Set(imports.map(({ from, to }) => `${roomOf(from)} → ${roomOf(to)}`));
  const allowed = Object.entries({ ...floor, ...subjects }).flatMap(([a, list]) => list.map((b) => `${a} → ${b}`));
  return allowed.filter((edge) => !used.has(edge));
}

/** cycle is a way from a node back to itself, where there is one. */
function cycle(edges: Import[]): string[] | undefined {
  const next = new Map<string, string[]>();
  for (const e of edges) next.set(e.from, [...(next.get(e.from) ?? []), e.to]);
  const done = new Set<string>();
  const walk = (at: string, way: string[]): string[] | undefined => {
    if (way.includes(at)) return [...way.slice(way.indexOf(at)), at];
    if (done.has(at)) return undefined;
    for (const to of next.get(at) ?? []) {
      const found = walk(to, [...way, at]);
      if (found) return found;
    }
    done.add(at);
    return undefined;
  };
  for (const from of next.keys()) {
    const found = walk(from, []);
    if (found) return found;
  }
  return undefined;
}

/** importsOf reads what a file imports of the console's own: at its head, when it is needed, or only for its types. */
function importsOf(file: string, text: string): Import[] {
  const named = text.matchAll(/(?:\bfrom|\bimport|\bmock)\s*\(?\s*"(@\/|\.)([^"]*)"/g);
  return [...named].map(([, root, rest = ""]) => {
    const path = root === "@/" ? rest : normalize(join(dirname(file), `.${rest}`));
    return { from: file, to: path.replaceAll("\\", "/") };
  });
}

const files = readdirSync("src", { recursive: true, withFileTypes: true })
  .filter((f) => f.isFile() && /\.tsx?$/.test(f.name) && !/^(imports|sizes)\.test\.ts$/.test(f.name))
  .map((f) =>
    join(f.parentPath, f.name)
      .replaceAll("\\", "/")
      .replace(/^src\//, ""),
  );
const console_ = files.flatMap((f) => importsOf(f, readFileSync(`src/${f}`, "utf8")));
const node = (path: string) => path.replace(/(\.test)?(\.d)?\.tsx?$/, "");

test("imports point down, and between subjects only as stated above", () => {
  expect(console_.length).toBeGreaterThan(800);
  expect(misplaced(console_)).toEqual([]);
});

test("no allowance is there that nothing needs", () => {
  expect(unused(console_)).toEqual([]);
});

test("nothing imports itself in a circle: no file, and no room", () => {
  const written = console_.filter((i) => !i.from.includes(".test."));
  expect(cycle(written.map(({ from, to }) => ({ from: node(from), to: node(to) })))).toBeUndefined();
  const rooms = console_.map(({ from, to }) => ({ from: roomOf(from) ?? from, to: roomOf(to) ?? to }));
  expect(cycle(rooms.filter((r) => r.from !== r.to))).toBeUndefined();
});

test("every subject is one of the console's folders, and every folder has its place", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((f) => f.isDirectory());
  const rooms = Object.keys({ ...floor, ...subjects, ...roof }).filter((r) => !/[./]/.test(r));
  expect(folders.map((f) => f.name).sort()).toEqual(rooms.sort());
});

test("these tests see what is wrong", () => {
  const one = (from: string, text: string) => misplaced(importsOf(from, text));
  expect(one("ui/kit.tsx", 'import { useMe } from "@/session/me";')).toHaveLength(1); // upward on the floor
  expect(one("words/domain.ts", 'import { CaseWords } from "../review/words";')).toHaveLength(1); // from the floor to a subject
  expect(one("buyer/home.tsx", 'import { Head } from "@/shell/head";')).toHaveLength(1); // from a subject to the roof
  expect(one("review/case.tsx", 'const Page = lazy(() => import("@/buyer/home"));')).toHaveLength(1); // between subjects
  expect(one("review/a.test.ts", 'vi.mock("@/shop/answer");')).toHaveLength(1);
  expect(one("lockers/pages.ts", 'import { x } from "@/ui/kit";')).toHaveLength(1); // a folder without a place
  expect(one("buyer/home.tsx", 'import "@/claim/claim.css";\nimport type { Me } from "@/api/schema";')).toEqual([]);
  const edges = ["a b", "b c", "c a", "d a"].map((e) => ({ from: e[0] ?? "", to: e[2] ?? "" }));
  expect(cycle(edges)).toEqual(["a", "b", "c", "a"]);
  expect(cycle(edges.slice(0, 2))).toBeUndefined();
  expect(unused(console_.filter((i) => !i.to.startsWith("viewer/")))).toEqual(["review → viewer"]);
});
