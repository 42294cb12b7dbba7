import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { phrases } from "./phrases";

test("whatever the editor says has Chinese words", () => {
  const said = new Set<string>();
  for (const part of ["autocomplete", "commands", "language", "lint", "search", "view"]) {
    const source = readFileSync(`node_modules/@codemirror/${part}/dist/index.js`, "utf8");
    for (const call of source.matchAll(/phrase\(([^)]*)\)/g))
      for (const [, text] of (call[1] ?? "").matchAll(/"([^"]+)"/g)) said.add(text as string);
  }
  expect(said.size).toBeGreaterThan(20);
  expect([...said].filter((s) => !(s in phrases))).toEqual([]);
  for (const zh of Object.values(phrases)) expect(zh).toMatch(/\p{Script=Han}/u);
});
