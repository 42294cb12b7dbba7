// @vitest-environment node
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

test("the types are those of the server's description", () => {
  const folder = mkdtempSync(join(tmpdir(), "evenhand-api-"));
  try {
    const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
    const fresh = join(folder, "schema.d.ts");
    const [, ...words] = scripts.api.replace("src/api/schema.d.ts", fresh).split(" ");
    execFileSync("node_modules/.bin/openapi-typescript", words, { stdio: "pipe" });
    expect(readFileSync("src/api/schema.d.ts", "utf8") === readFileSync(fresh, "utf8"), "run npm run api").toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 60_000);
