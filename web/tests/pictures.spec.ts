import { join } from "node:path";
import { expect, test } from "./served";

const FOLDER = join(import.meta.dirname, "../../docs/images");
const AUDIT = join(import.meta.dirname, "../../examples/environment_audit/audit.yaml");

/** The pictures of the README and the docs: the page as it is, on a real audit of this machine. */
test.describe("pictures", () => {
  test.skip(!process.env.EVERYRUN_TEST_PICTURES, "taken when EVERYRUN_TEST_PICTURES is set");

  let audit = "";

  test.beforeAll(async ({ served }) => {
    test.setTimeout(180_000);
    for (const tamper of ["false", "true"]) {
      const output = join(served.home, "output");
      served.everyrun("run", AUDIT, "--input", `tamper=${tamper}`, "--input", `output=${output}`);
    }
    const list = (await served.api("GET", "/executions?limit=1")) as { items: { id: string }[] };
    audit = list.items[0]?.id ?? "";
  });

  for (const [name, place, scheme, locale, width] of [
    ["page-dashboard", "/", "light", "en-US", 1440],
    ["page-graph", "/executions/AUDIT?tab=graph", "dark", "en-US", 1440],
    ["page-timeline", "/executions/AUDIT?tab=timeline", "light", "ko-KR", 1440],
    ["page-logs", "/executions/AUDIT?tab=logs", "dark", "ko-KR", 390],
  ] as const) {
    test.describe(name, () => {
      test.use({ colorScheme: scheme, locale, viewport: { width, height: 820 } });

      test("is taken", async ({ page, served }) => {
        await served.signIn(page);
        await page.goto(served.address + place.replace("AUDIT", audit));
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.waitForLoadState("networkidle");
        if (name === "page-graph")
          await expect(page.locator(".react-flow__node")).not.toHaveCount(0, { timeout: 25_000 });
        await page.screenshot({ path: join(FOLDER, `${name}.png`), animations: "disabled" });
      });
    });
  }
});
