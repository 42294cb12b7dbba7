// @vitest-environment node
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { oneIn } from "./bound";

test("a bound is never told smaller than it is", () => {
  // The table of the server's own sentences: a card never says two bounds.
  const table: { bound: number; say: string }[] = JSON.parse(readFileSync("../evidence/testdata/one-in.json", "utf8"));
  expect(table.length).toBeGreaterThan(8);
  for (const row of table) expect(oneIn(row.bound, "en"), String(row.bound)).toBe(`1 in ${row.say}`);
  expect(oneIn(0, "en")).toBeUndefined();
  expect(oneIn(2, "zh")).toBeUndefined();
});
