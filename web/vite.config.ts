import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

// The desk that the development server stands before.
const desk = process.env.EVENHAND_DESK ?? "http://127.0.0.1:8080";

// Addresses are relative ("./"), so that the console works under any path that
// a proxy gives it: the server writes <base> into index.html.
export default defineConfig({
  base: "./",
  plugins: [react()],
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  build: {
    outDir: "dist",
    // dist/README.txt is what a build without Node embeds; it stays.
    emptyOutDir: false,
    target: "es2022",
    assetsInlineLimit: 0, // no data: fonts or scripts under the content security policy
    chunkSizeWarningLimit: 1400,
    modulePreload: { polyfill: false }, // the polyfill would be an inline script
  },
  server: {
    // make web: the development server beside a desk on 8080
    proxy: { "/v1": desk, "/openapi.json": desk, "/docs": desk },
  },
  test: { environment: "jsdom", include: ["src/**/*.test.{ts,tsx}"] },
});
