import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "tests",
  timeout: 60_000,
  workers: 1,
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    launchOptions: {
      executablePath: process.env.EVERYRUN_TEST_CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox"],
    },
    timezoneId: "Asia/Seoul",
    locale: "en-US",
    viewport: { width: 1440, height: 900 },
    trace: "retain-on-failure",
  },
  projects: [
    { name: "english" },
    {
      name: "korean",
      testMatch: /\/(editor|flows|living|managing)\.spec\.ts$/,
      use: { locale: "ko-KR" },
    },
  ],
});
