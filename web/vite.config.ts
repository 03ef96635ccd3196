import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

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
  },
  worker: { format: "es" },
  test: { include: ["src/**/*.test.ts", "src/**/*.test.tsx"], environment: "node" },
});
