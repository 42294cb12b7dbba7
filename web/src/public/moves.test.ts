// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { auditWords } from "@/operator/figures/audit-words";
import { topics } from "@/operator/hook-topics";
import { progressWords } from "./progress-words";

const read = (path: string) => readFileSync(`../${path}`, "utf8");

/** moves are the names of all moves, by the constants that claim/move.go gives them. */
const moves = new Map(
  [...read("claim/move.go").matchAll(/^\t(Move\w+)\s+MoveName = "(\w+)"/gm)].map((m) => [m[1] ?? "", m[2] ?? ""]),
);

const sources = (folder: string): string[] =>
  readdirSync(`../${folder}`, { withFileTypes: true }).flatMap((f) =>
    f.isDirectory()
      ? sources(`${folder}/${f.name}`)
      : f.name.endsWith(".go") && !f.name.endsWith("_test.go")
        ? [read(`${folder}/${f.name}`)]
        : [],
  );

/** kinds are those of the record's events that the sources name whole, on the streams that the audit page knows. */
const kinds = () => {
  const streams = Object.keys(auditWords.zh.groups).filter((s) => s !== "claim");
  const names = new RegExp(
    `(?:[nN]ote\\w*\\(|record\\(|kind\\w*\\s*(?::?=)|d\\.changePolicy\\().*?"((?:${streams.join("|")})\\.[a-z_]+)"`,
    "g",
  );
  return new Set(["desk", "server", "intake"].flatMap(sources).flatMap((s) => [...s.matchAll(names)].map((m) => m[1])));
};

test("every step that the progress page can be told has its words", () => {
  const list = /publicSteps = \[\]claim\.MoveName\{([\s\S]*?)\n\}/.exec(read("desk/progress.go"))?.[1] ?? "";
  const told = [...list.matchAll(/claim\.(Move\w+)/g)].map((m) => moves.get(m[1] ?? "") ?? m[1] ?? "");
  expect(told.length).toBeGreaterThan(15);
  for (const words of [progressWords.zh, progressWords.en])
    expect(Object.keys(words.stepNames).sort()).toEqual([...told].sort());
});

test("every event of the record has its words", () => {
  expect(moves.size).toBeGreaterThan(25);
  const found = kinds();
  expect(found.size).toBeGreaterThan(15);
  const wanted = [...[...moves.values()].map((m) => `claim.${m}`), ...found];
  for (const words of [auditWords.zh, auditWords.en])
    expect(wanted.filter((k) => !words.kinds[k as string])).toEqual([]);
});

test("the topics that a webhook is offered are those that messages have", () => {
  const remarks = /remarks = \[\]string\{(.*?)\}/.exec(read("desk/message.go"))?.[1]?.match(/\w+/g) ?? [];
  const said = sources("desk").flatMap((s) => [...s.matchAll(/\bremark\(ctx, tx, c, "(\w+)"|\bMove: "(\w+)"/g)]);
  expect(said.map((m) => m[1] ?? m[2]).sort()).toEqual([...remarks].sort());
  const known = ["remedy.ordered", ...[...moves.values(), ...remarks].map((m) => `claim.${m}`)];
  for (const words of [auditWords.zh, auditWords.en]) {
    const offered = topics(words.kinds).map(([topic]) => topic);
    expect(offered.filter((t) => !known.includes(t))).toEqual([]);
    expect([...moves.values()].filter((m) => !offered.includes(`claim.${m}`))).toEqual([]);
  }
});
