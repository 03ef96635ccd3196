import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const HEAVY =
  /node_modules\/(@xyflow|d3-|elkjs|@codemirror|@lezer|yaml)|\/(graph|editor|editing)\//;

function isForAnyPage(module: string): boolean {
  return !HEAVY.test(module);
}

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: {
    outDir: "../src/everyrun/server/pages/static",
    emptyOutDir: true,
    target: "es2022",
    chunkSizeWarningLimit: 2_000,
    manifest: "manifest.json",
    modulePreload: { polyfill: false },
    rolldownOptions: {
      output: {
        codeSplitting: {
          // What several pages share is one file, fetched at once with the page's own: a browser
          // takes longer for thirty small files. What only graphs and the editor need stays apart.
          groups: [{ name: "common", minShareCount: 2, test: isForAnyPage }],
        },
      },
    },
  },
  worker: { format: "es" },
  test: {
    include: ["src/**/*.test.ts", "src/**/*.test.tsx"],
    environment: "node",
    // No unit test changes what another one goes by.
    isolate: false,
  },
});
