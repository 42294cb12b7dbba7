// @vitest-environment node
import { readdirSync, readFileSync } from "node:fs";
import ts from "typescript";
import { expect, test } from "vitest";

// What is longer than this cannot be taken in at once: a page is split into parts and hooks with names of their own.
const longestFile = 500;
const longestFunction = 120;

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter(
  (f) => /\.tsx?$/.test(f) && !f.endsWith("schema.d.ts"),
);

/** functionsOf are all functions of a source with their lengths in lines, those within others too. */
function functionsOf(file: string, text: string): { name: string; lines: number }[] {
  const kind = file.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true, kind);
  const out: { name: string; lines: number }[] = [];
  const line = (at: number) => source.getLineAndCharacterOfPosition(at).line;
  const walk = (node: ts.Node) => {
    if (ts.isFunctionLike(node) && "body" in node && node.body)
      out.push({ name: node.name?.getText() ?? "=>", lines: line(node.end) - line(node.getStart()) + 1 });
    ts.forEachChild(node, walk);
  };
  walk(source);
  return out;
}

test("no file and no function is longer than can be taken in", () => {
  expect(files.length).toBeGreaterThan(250);
  const long: string[] = [];
  for (const file of files) {
    const text = readFileSync(`src/${file}`, "utf8");
    if (text.split("\n").length > longestFile) long.push(file);
    if (file.includes(".test.") || text.split("\n").length <= longestFunction) continue;
    for (const { name, lines } of functionsOf(file, text))
      if (lines > longestFunction) long.push(`${file} ${name} ${lines}`);
  }
  expect(long).toEqual([]);
});

test("functions are measured, whatever their kind", () => {
  const body = "\n".repeat(9);
  const text = `function a() {${body}} const b = () => {${body}}; class C { d() {${body}} }`;
  expect(functionsOf("x.ts", text)).toEqual([
    { name: "a", lines: 10 },
    { name: "=>", lines: 10 },
    { name: "d", lines: 10 },
  ]);
});
