import { ASKS, FRAGILE, manyNodes, QUICK, SLOW } from "./graphs";
import { expect, test } from "./served";

test.beforeAll(({ served }) => {
  for (const graph of [QUICK, FRAGILE, SLOW, ASKS]) served.save(graph);
});

test("one comes in by the login link, to the dashboard", { tag: "@smoke" }, async ({
  page,
  served,
}) => {
  await page.goto(served.link);

  await expect(page.getByRole("heading", { name: "Dashboard", level: 1 })).toBeVisible();
  expect(page.url()).not.toContain("link=");
});

test("a workflow is run with a form, and settles without a reload", { tag: "@smoke" }, async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows?text=quick`);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await page.getByLabel("rows").fill("7");
  await page.getByRole("dialog").getByRole("button", { name: "Run" }).click();

  await expect(page).toHaveURL(/\/executions\/[0-9a-f-]{36}/);
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
  await page.getByRole("tab", { name: /Logs/ }).click();
  await expect(page.getByRole("log")).toContainText("row 7");
  await page.getByRole("tab", { name: "Graph" }).click();
  await expect(page.locator(".react-flow__node")).toHaveCount(2);
  await page.getByRole("tab", { name: "Timeline" }).click();
  await expect(page.getByRole("img", { name: /^ran / })).toHaveCount(2);
  await page.getByRole("tab", { name: "Input and output" }).click();
  await expect(page.getByText('"said": 7')).toBeVisible();
});

test("what failed is run again from there, with other inputs, previewed", {
  tag: "@smoke",
}, async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("fragile");
  await page.goto(`${served.address}/executions/${id}`);
  await expect(page.locator("header [data-status=failed]").first()).toBeVisible();
  await page.getByRole("button", { name: "Run again" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("1 node's output is taken over")).toBeVisible();
  await dialog.getByLabel("Inputs").fill('{"well": "yes"');
  await expect(dialog.getByText(/this is no JSON object/)).toBeVisible();
  await dialog.getByLabel("Inputs").fill('{"well": "yes"}');
  await dialog.getByRole("button", { name: "Run again" }).click();

  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
  await page.getByRole("tab", { name: "Relations" }).click();
  await expect(page.getByText("Runs again")).toBeVisible();
});

test("a person's answer lets a waiting node go on", { tag: "@smoke" }, async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("asks");
  await page.goto(`${served.address}/`);
  await page.getByRole("link", { name: /asks · ask/ }).click();
  await page.getByRole("button", { name: "Approve" }).click();

  await expect(page).toHaveURL(new RegExp(id));
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
});

test("a log is followed while it grows, and found in as a whole", async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("slow");
  await page.goto(`${served.address}/executions/${id}?tab=logs`);
  const log = page.getByRole("log");
  // Enough of them that there is something to scroll.
  await expect(log).toContainText("line 80", { timeout: 30_000 });
  await log.hover();
  await page.mouse.wheel(0, -4_000);
  await expect(page.getByRole("button", { name: /new lines/ })).toBeVisible({ timeout: 15_000 });

  await page.keyboard.press("/");
  await page.getByLabel("Find in the whole log").fill("line 1");
  await expect(page.getByText(/^1 of \d+/)).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(/^2 of \d+/)).toBeVisible();
  await expect(log.locator("[data-current=true] mark")).toHaveText("line 1");

  await page.getByRole("button", { name: "Cancel" }).click();
  await page.getByLabel(/Reason/).fill("seen enough");
  await page.getByRole("button", { name: "Cancel the execution" }).click();
  await expect(page.locator("header [data-status=cancelled]").first()).toBeVisible({
    timeout: 15_000,
  });
});

test("filters stand in the address, and Back undoes a view", async ({ page, served }) => {
  await served.signIn(page);
  await served.run("quick");
  await served.run("fragile");
  await page.goto(`${served.address}/executions`);
  await page.getByLabel("Workflow or external id").fill("fragile");
  await expect(page).toHaveURL(/text=fragile/);
  await expect(page.getByRole("link", { name: "quick" })).toHaveCount(0);
  const shared = page.url();
  await page.getByRole("link", { name: /^Failed \d/ }).click();
  await expect(page).toHaveURL(/status=failed/);
  await page.goBack();
  await expect(page).toHaveURL(shared);

  const other = await page.context().newPage();
  await other.goto(shared);
  await expect(other.getByLabel("Workflow or external id")).toHaveValue("fragile");
  await expect(other.getByRole("link", { name: "fragile" }).first()).toBeVisible();
});

test("a filter is typed on while its rows come, and a list left for another is read anew", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await served.run("quick");
  await page.goto(`${served.address}/executions`);
  const text = page.getByLabel("Workflow or external id");
  await text.click();
  await page.keyboard.type("qui");
  await expect(page).toHaveURL(/text=qui(&|$)/);
  await page.keyboard.type("ck");
  await expect(page).toHaveURL(/text=quick/);
  await expect(text).toBeFocused();
  await expect(text).toHaveValue("quick");
  await page.getByRole("link", { name: /^All / }).click();
  await expect(text).toHaveValue("");
  const all = page.getByRole("row").getByRole("link", { name: "quick" });
  await expect(all.first()).toBeVisible();
  const before = await all.count();
  await page.getByRole("link", { name: /^Failed \d/ }).click();
  await expect(page).toHaveURL(/status=failed/);
  await served.run("quick");
  const { items } = (await served.api("GET", "/executions?limit=200")) as { items: unknown[] };
  const counted = page.getByRole("link", { name: new RegExp(`^All ${items.length}$`) });
  await expect(counted).toBeVisible({ timeout: 10_000 });
  await counted.click();

  await expect(all).toHaveCount(before + 1);
});

test("a graph of hundreds of nodes is chosen from afar and read from near", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  served.save(manyNodes("many", 360));
  const id = await served.run("many");
  await page.goto(`${served.address}/executions/${id}?tab=graph`);
  const far = page.getByRole("img", { name: /The whole graph from afar: 360 nodes/ });
  await expect(far).toBeVisible();
  const box = await far.boundingBox();
  if (!box) throw new Error("nothing is painted");
  const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const named = page.locator('.react-flow__pane[title^="n"]');
  for (let step = 0; step < 60 && (await named.count()) === 0; step += 1)
    await page.mouse.move(middle.x + 2 * step, middle.y + step);
  const name = (await named.getAttribute("title")) ?? "";
  await page.mouse.down();
  await page.mouse.up();
  await expect(page.getByRole("heading", { name, exact: true })).toBeVisible();

  for (let turn = 0; turn < 3; turn += 1) await page.mouse.wheel(0, -600);
  await expect(far).toHaveCount(0);
  await expect(page.locator(".react-flow__node").first()).toBeVisible();
  await page.getByRole("button", { name: "Fit to view" }).click();

  await expect(far).toBeVisible();
});

test("j, k and Enter move and open; ? tells of them", async ({ page, served }) => {
  await served.signIn(page);
  await served.run("quick");
  await served.run("quick");
  await page.goto(`${served.address}/executions`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByText("Next execution")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("k");
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(/\/executions\/[0-9a-f-]{36}/);
});

test("what matches is deleted after its count was told", async ({ page, served }) => {
  await served.signIn(page);
  for (let made = 0; made < 3; made += 1) await served.run("fragile");
  await page.goto(`${served.address}/executions?workflow=fragile&status=failed`);
  await expect.poll(() => page.getByRole("row").count()).toBeGreaterThan(3);
  await page
    .getByRole("checkbox", { name: /Choose/ })
    .first()
    .click();
  await page.getByRole("button", { name: /Choose all \d+ that match/ }).click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("are deleted for good");
  await page.getByRole("button", { name: /Delete \d+ executions/ }).click();
  await page.getByRole("button", { name: "Done" }).click();

  await expect(page.getByText("No execution matches")).toBeVisible();
});

test("running all is watched and stopped", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows`);
  await page.getByRole("button", { name: "Run all" }).click();
  await page.getByRole("button", { name: /Run \d+ workflows/ }).click();
  await expect(page.getByText(/completed, .* of \d/)).toBeVisible();
  await expect(page.getByText(/1 completed/)).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: "Stop" }).click();

  await expect(page.getByRole("button", { name: "Close" })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(/[1-9] not run|[1-9] cancelled/)).toBeVisible();
});

test("Ctrl-K leads anywhere", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("log");
  await page.keyboard.press("Enter");

  await expect(page).toHaveURL(/\/logs$/);
});

test("a line is found among all executions, and leads to its log", async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("fragile", { well: "yes" });
  const status = async () =>
    ((await served.api("GET", `/executions/${id}`)) as { status: string }).status;
  await expect.poll(status, { timeout: 15_000 }).toBe("completed");
  await page.goto(`${served.address}/logs?text=mended`);
  await page
    .getByRole("link", { name: /fragile/ })
    .first()
    .click();

  await expect(page.getByRole("log").locator("[data-current=true]")).toContainText("mended");
});
