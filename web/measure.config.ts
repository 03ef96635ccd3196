import { defineConfig } from "@playwright/test";
import usual from "./playwright.config";

export default defineConfig(usual, { testDir: "measure", timeout: 300_000, retries: 0 });
