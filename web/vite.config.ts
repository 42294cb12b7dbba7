import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";

// The desk that the development server stands before.
const desk = process.env.EVENHAND_DESK ?? "http://127.0.0.1:8080";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

/** What stands around a page, by the frame that its pages.ts says. */
const frames: Record<string, string[]> = {
  plain: [],
  staff: ["shell/staff.tsx"],
  library: ["shell/staff.tsx", "shell/library-pages.tsx"],
};

/** listed reads the pages of all subjects that shell/pages.ts lists: path, frame, and the module that is loaded. */
function listed(): { path: string; frame: string; module: string }[] {
  const subjects = [...readFileSync(source("shell/pages.ts"), "utf8").matchAll(/from "@\/(\w+)\/pages"/g)];
  return subjects.flatMap(([, subject]) => {
    const text = readFileSync(source(`${subject}/pages.ts`), "utf8");
    const pages = [...text.matchAll(/path: "([^"]+)",\s+frame: "(\w+)",[\s\S]*?import\("\.\/([^"]+)"\)/g)];
    if (pages.length === 0 || pages.length !== text.match(/import\(/g)?.length)
      throw new Error(`a page of src/${subject}/pages.ts was not understood: path and frame come first, then the rest`);
    return pages.map(([, path = "", frame = "", file]) => ({ path, frame, module: `${subject}/${file}.tsx` }));
  });
}

/**
 * pages writes dist/pages.json: for each page of the console the files that it is made of. The server names them in the
 * head of the page that it sends, so that a browser need not run the first script to learn of the second.
 */
function pages(): Plugin {
  return {
    name: "evenhand-pages",
    apply: "build",
    enforce: "post", // after chunks that were nothing but a style sheet are gone
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((c) => c.type === "chunk");
      const byName = new Map(chunks.map((c) => [c.fileName, c]));
      const entry = chunks.find((c) => c.isEntry);
      const filesOf = (modules: string[]) => {
        const files = new Set<string>();
        const add = (name: string) => {
          const chunk = byName.get(name);
          if (!chunk || chunk === entry || files.has(name)) return;
          files.add(name);
          for (const css of chunk.viteMetadata?.importedCss ?? []) files.add(css);
          for (const other of chunk.imports) add(other);
        };
        for (const m of modules) {
          const chunk = chunks.find((c) => c.moduleIds.includes(source(m)));
          if (!chunk) throw new Error(`src/${m} is in no chunk`);
          add(chunk.fileName);
        }
        return [...files];
      };
      const table: Record<string, string[]> = {};
      for (const { path, frame, module } of listed()) {
        const around = frames[frame];
        if (!around) throw new Error(`src/${module}: there is no frame ${frame}`);
        table[path] = filesOf([...around, module]);
      }
      this.emitFile({ type: "asset", fileName: "pages.json", source: JSON.stringify(table, null, 1) });
    },
  };
}

// Addresses are relative ("./"), so that the console works under any path that
// a proxy gives it: the server writes <base> into index.html.
export default defineConfig({
  base: "./",
  plugins: [react(), pages()],
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
  test: {
    environment: "node",
    setupFiles: ["src/ui/lacking.ts"],
    testTimeout: 30_000,
    include: ["src/**/*.test.{ts,tsx}"],
  },
});
