import AxeBuilder from "@axe-core/playwright";
import { FRAGILE, QUICK } from "./graphs";
import { expect, test } from "./served";

const MOST_INITIAL_BYTES = 350_000;
const TABS = ["nodes", "graph", "timeline", "logs", "data", "attempts", "relations", "raw"];
const PLACES = ["/", "/executions", "/workflows", "/logs", "/settings"];

let failed = "";

test.beforeAll(async ({ served }) => {
  served.save(QUICK);
  served.save(FRAGILE);
  await served.run("quick");
  failed = await served.run("fragile");
});

for (const scheme of ["light", "dark"] as const) {
  for (const [locale, heading] of [
    ["en-US", "Dashboard"],
    ["ko-KR", "대시보드"],
  ] as const) {
    test.describe(`${scheme}, ${locale}`, () => {
      test.use({ colorScheme: scheme, locale });

      test("axe finds nothing, and no page asks another host", async ({ page, served }) => {
        test.setTimeout(120_000);
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
        const places = [...PLACES, ...TABS.map((tab) => `/executions/${failed}?tab=${tab}`)];
        for (const place of places) {
          await page.goto(served.address + place);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          if (place === "/")
            await expect(page.getByRole("heading", { name: heading })).toBeVisible();
          await page.waitForLoadState("networkidle");
          const { violations } = await new AxeBuilder({ page }).analyze();
          const found = violations.map(
            (each) =>
              `${place}: ${each.id} ${each.nodes[0]?.html.slice(0, 160)} ${each.nodes[0]?.failureSummary}`,
          );
          expect(found).toEqual([]);
        }
        expect(foreign).toEqual([]);
        expect(said).toEqual([]);
      });
    });
  }
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
