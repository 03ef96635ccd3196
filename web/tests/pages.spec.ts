import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { places } from "./places";
import { expect, test } from "./served";
import { makeWorld } from "./world";

const MOST_INITIAL_BYTES = 350_000;
const MOST_STOPS = 400;

let named: Record<string, string> = {};

test.beforeAll(async ({ served }) => {
  test.setTimeout(180_000);
  const world = await makeWorld(served);
  named = places({ ...world, audit: world.failed });
});

// Colours do not differ by language, nor names by theme: each is looked at once.
for (const [scheme, locale, heading] of [
  ["light", "en-US", "Dashboard"],
  ["dark", "ko-KR", "대시보드"],
] as const) {
  test.describe(`${scheme}, ${locale}`, () => {
    test.use({ colorScheme: scheme, locale });

    test("axe finds nothing, and no page asks another host", async ({ page, served }) => {
      test.setTimeout(300_000);
      const foreign: string[] = [];
      const said: string[] = [];
      page.on("request", (request) => {
        const { protocol, origin } = new URL(request.url());
        if (protocol.startsWith("http") && origin !== served.address) foreign.push(request.url());
      });
      page.on("console", (message) => {
        if (message.type() === "error") said.push(message.text());
      });
      await served.signIn(page);
      const found: string[] = [];
      for (const place of Object.values(named)) {
        await page.goto(served.address + place);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        if (place === "/") await expect(page.getByRole("heading", { name: heading })).toBeVisible();
        await page.waitForLoadState("networkidle");
        const { violations } = await new AxeBuilder({ page }).analyze();
        for (const each of violations) {
          const [first] = each.nodes;
          found.push(`${place}: ${each.id} ${first?.html.slice(0, 160)} ${first?.failureSummary}`);
        }
      }
      expect(found).toEqual([]);
      expect(foreign).toEqual([]);
      expect(said).toEqual([]);
    });
  });
}

test("the first view needs little JavaScript", async ({ page, served }) => {
  const sizes: Promise<number>[] = [];
  page.on("response", (response) => {
    if (!response.url().endsWith(".js")) return;
    sizes.push(Promise.resolve(Number(response.headers()["content-length"] ?? 0)));
  });
  await served.signIn(page);
  await page.goto(`${served.address}/executions`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle");
  const total = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);

  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThanOrEqual(MOST_INITIAL_BYTES);
});

test("files of the page are kept for ever, and the page itself is asked for again", async ({
  request,
  served,
}) => {
  const page = await request.get(`${served.address}/executions/one`);
  const asset = /src="\.\.\/(assets\/[^"]+)"/.exec(await page.text())?.[1];
  const file = await request.get(`${served.address}/${asset}`);

  expect(page.headers()["cache-control"]).toBe("no-cache");
  expect(page.headers()["content-security-policy"]).toContain("script-src 'self';");
  expect(file.headers()["cache-control"]).toContain("immutable");
});

test("everything that can be used is reached by the keyboard alone", async ({ page, served }) => {
  test.setTimeout(300_000);
  await served.signIn(page);
  for (const [name, place] of Object.entries(named)) {
    await page.goto(served.address + place);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await page.waitForLoadState("networkidle");
    expect([name, await unreached(page)]).toEqual([name, []]);
  }
});

/** What can be clicked or typed in and where Tab does not stop. */
async function unreached(page: Page): Promise<string[]> {
  // Of a group whose members arrow keys choose, one is a stop: it is what Tab goes to.
  await page.evaluate(() => {
    const usable = "a[href], button, input, select, textarea, summary, [tabindex='0']";
    for (const each of document.querySelectorAll<HTMLElement>(usable)) {
      const isRoving = each.closest("[role=tablist], [role=radiogroup], [role=listbox]") !== null;
      const isOff = each.matches(":disabled, [type=hidden], [tabindex='-1'], [aria-hidden=true]");
      if (!isRoving && !isOff && each.checkVisibility()) each.dataset.expected = "yes";
    }
    document.addEventListener("focusin", ({ target }) => {
      if (target instanceof HTMLElement) delete target.dataset.expected;
    });
  });
  const left = page.locator("[data-expected]");
  for (let stop = 0; stop < MOST_STOPS && (await left.count()) > 0; stop += 1) {
    await page.keyboard.press("Tab");
  }
  return left.evaluateAll((elements) => elements.map((each) => each.outerHTML.slice(0, 160)));
}
