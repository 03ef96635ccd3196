import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { EDITING, places } from "./places";
import { expect, type Served, test } from "./served";
import { makeWorld } from "./world";

const FOLDER = process.env.EVERYRUN_TEST_PICTURES ?? "";
/** Those that are wanted, by their names and kinds; all where none is named. */
const WANTED = new Set((process.env.EVERYRUN_TEST_PICTURES_OF ?? "").split(",").filter(Boolean));
const AUDIT = join(import.meta.dirname, "../../examples/environment_audit/audit.yaml");
const SCHEMES = ["light", "dark"] as const;
const LOCALES = ["en-US", "ko-KR"] as const;
const SIZES = [
  [1440, 900],
  [390, 844],
] as const;

/** Pictures of every page as it is, on a ledger with something of everything. */
test.describe("pictures", () => {
  test.skip(FOLDER === "", "python -m scripts.take_screenshots takes them");

  let named: Record<string, string> = {};

  test.beforeAll(async ({ served }) => {
    test.setTimeout(300_000);
    mkdirSync(FOLDER, { recursive: true });
    for (const tamper of ["false", "true"]) {
      const output = join(served.home, "output");
      served.everyrun("run", AUDIT, "--input", `tamper=${tamper}`, "--input", `output=${output}`);
    }
    const list = (await served.api("GET", "/executions?limit=1")) as { items: { id: string }[] };
    const audit = list.items[0]?.id ?? "";
    const world = await makeWorld(served);
    await settled(served, world.batch);
    named = { ...places({ ...world, audit }), ...EDITING };
  });

  for (const scheme of SCHEMES) {
    for (const locale of LOCALES) {
      for (const [width, height] of SIZES) {
        const kind = `${scheme}-${locale.slice(0, 2)}-${width}`;
        test.describe(kind, () => {
          test.use({ colorScheme: scheme, locale, viewport: { width, height } });

          test("are taken", async ({ page, served }) => {
            test.setTimeout(300_000);
            const wanted = Object.entries(named).filter(
              ([name]) => WANTED.size === 0 || WANTED.has(`${name}-${kind}`),
            );
            test.skip(wanted.length === 0);
            await served.signIn(page);
            for (const [name, place] of wanted) {
              await page.goto(served.address + place);
              await hasCome(page, name);
              await page.screenshot({
                path: join(FOLDER, `${name}-${kind}.png`),
                animations: "disabled",
              });
            }
          });
        });
      }
    }
  }
});

async function hasCome(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible({ timeout: 15_000 });
  await page.waitForLoadState("networkidle");
  if (name.endsWith("graph") || name === "editor")
    await expect(page.locator(".react-flow__node")).not.toHaveCount(0, { timeout: 25_000 });
}

async function settled(served: Served, batch: string): Promise<void> {
  await expect
    .poll(async () => ((await served.api("GET", `/batches/${batch}`)) as { left: number }).left, {
      timeout: 60_000,
    })
    .toBe(0);
}
