import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codes, fields, keys } from "./vocabulary";

const read = (path: string) => readFileSync(`../${path}`, "utf8");

/** The desk's own table, as policy/facts.go writes it: subjects and the fields that conditions can read. */
function subjects(): Record<string, string[]> {
  const out: Record<string, string[]> = {};
  let subject = "";
  for (const line of read("policy/facts.go").split("\n")) {
    subject = /^\t\t\{"(\w+)", \[\]field\{/.exec(line)?.[1] ?? subject;
    const name = /^\t\t\t\{name: "(\w+)"/.exec(line)?.[1];
    if (subject && name && !line.includes("inner: true")) out[subject] = [...(out[subject] ?? []), name];
  }
  return out;
}

describe("the words of rules", () => {
  it("are those that the desk compiles", () => {
    const known = subjects();
    expect(Object.keys(known).length).toBe(4);
    expect(Object.fromEntries(Object.entries(fields).map(([s, list]) => [s, list.map((t) => t.name)]))).toEqual(known);
  });
  it("name the findings that the desk knows", () => {
    const list = /func codes\(\)[^{]*\{([\s\S]*?)\n\}/.exec(read("policy/facts.go"))?.[1] ?? "";
    expect(codes).toEqual([...list.matchAll(/"([a-z0-9_]+\.[a-z0-9_]+)"/g)].map((m) => m[1]));
  });
  it("know every key of the rules that come along", () => {
    const source = read("policy/default.yaml");
    for (const m of source.matchAll(/^([a-z_]+):/gm)) expect(keys.top.map((t) => t.name)).toContain(m[1]);
    const terms = /^terms:\n([\s\S]*?)\n\S/m.exec(source)?.[1] ?? "";
    const written = [...terms.matchAll(/^ {2}([a-z_]+):/gm)].map((m) => m[1] ?? "");
    expect(keys.term.map((t) => t.name).sort()).toEqual(written.sort());
  });
});
