// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { progressWords } from "@/public/progress-words";
import { topics } from "@/webhooks/topics";
import { events, streams } from "@/words/events";

/** sources are the desk's own: whatever room a move or an event is named in, it is found. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((f) => {
    if (f.isDirectory()) return /^(\.|web$|build$|testdata$)/.test(f.name) ? [] : sources(`${folder}/${f.name}`);
    return /(?<!_test|\.gen)\.go$/.test(f.name) ? [readFileSync(`${folder}/${f.name}`, "utf8")] : [];
  });
}
const all = sources("..");
const found = (pattern: RegExp) => all.flatMap((s) => [...s.matchAll(pattern)]);

/** moves are the names of all moves, by their constants. */
const moves = new Map(found(/^\t(Move\w+)\s+MoveName = "(\w+)"/gm).map((m) => [m[1] ?? "", m[2] ?? ""]));

/** kinds are those of the record's events that the sources name whole, on the streams that the audit page knows. */
const kinds = () => {
  const others = Object.keys(streams).filter((s) => s !== "claim");
  const names = `(?:[nN]ote\\w*\\(|record\\(|kind\\w*\\s*(?::?=)|d\\.changePolicy\\().*?"((?:${others.join("|")})\\.[a-z_]+)"`;
  return new Set(found(new RegExp(names, "g")).map((m) => m[1] ?? ""));
};

test("every step that the progress page can be told has its words", () => {
  const list = found(/publicSteps = \[\]claim\.MoveName\{([\s\S]*?)\n\}/g)[0]?.[1] ?? "";
  const told = [...list.matchAll(/claim\.(Move\w+)/g)].map((m) => moves.get(m[1] ?? "") ?? m[1] ?? "");
  expect(told.length).toBeGreaterThan(15);
  for (const words of [progressWords.zh, progressWords.en])
    expect(Object.keys(words.stepNames).sort()).toEqual([...told].sort());
});

test("every event of the record has its words", () => {
  expect(moves.size).toBeGreaterThan(25);
  const named = kinds();
  expect(named.size).toBeGreaterThan(15);
  const wanted = [...[...moves.values()].map((m) => `claim.${m}`), ...named];
  expect(wanted.filter((k) => !events[k])).toEqual([]);
});

test("every event is of a stream that has a name", () => {
  expect(Object.keys(events).filter((k) => !streams[k.split(".", 1)[0] ?? ""])).toEqual([]);
});

test("the topics that a webhook is offered are those that messages have", () => {
  const remarks = found(/\bremarks = \[\]string\{(.*?)\}/g)[0]?.[1]?.match(/\w+/g) ?? [];
  const said = found(/\bremark\(ctx, tx, c, "(\w+)"|\bMove: "(\w+)"/g);
  expect(said.map((m) => m[1] ?? m[2]).sort()).toEqual([...remarks].sort());
  const known = ["remedy.ordered", ...[...moves.values(), ...remarks].map((m) => `claim.${m}`)];
  expect(topics.filter((t) => !known.includes(t))).toEqual([]);
  expect([...moves.values()].filter((m) => !topics.includes(`claim.${m}`))).toEqual([]);
});
