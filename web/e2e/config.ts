import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// The story in a real Chromium against a real server: npm run e2e.
export default defineConfig({
  // The tests look for the console's own words, in both languages.
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  test: {
    include: ["e2e/**/*.e2e.ts"],
    globalSetup: ["e2e/desk.ts"],
    environment: "node",
    fileParallelism: false,
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // A shared machine stands still for half a minute now and then; what fails twice is broken.
    retry: 1,
  },
});
