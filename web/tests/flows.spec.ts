import { counts, someCompleted, someStopped } from "./counts";
import { ASKS, FRAGILE, manyNodes, QUICK, SLOW } from "./graphs";
import { expect, test } from "./served";
import { pattern, say } from "./words";

test.beforeAll(({ served }) => {
  for (const graph of [QUICK, FRAGILE, SLOW, ASKS]) served.save(graph);
});

function found(at: number): RegExp {
  const values = { at, count: /\d+/ };
  return pattern`^(?:${say("log.found", values)}|${say("log.foundAtLeast", values)})$`;
}

test("one comes in by the login link, to the dashboard", { tag: "@smoke" }, async ({
  page,
  served,
}) => {
  await page.goto(served.link);

  await expect(page.getByRole("heading", { name: say("Dashboard"), level: 1 })).toBeVisible();
  expect(page.url()).not.toContain("link=");
});

test("a workflow is run with a form, and settles without a reload", { tag: "@smoke" }, async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows?text=quick`);
  await page.getByRole("button", { name: say("Run"), exact: true }).click();
  await page.getByLabel("rows").fill("7");
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("Run") })
    .click();

  await expect(page).toHaveURL(/\/executions\/[0-9a-f-]{36}/);
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
  await expect(page.getByText(pattern`^${say("trigger.api")} · `)).toBeVisible();
  await page.getByRole("tab", { name: say("Logs") }).click();
  await expect(page.getByRole("log")).toContainText("row 7");
  await page.getByRole("tab", { name: say("Graph") }).click();
  await expect(page.locator(".react-flow__node")).toHaveCount(2);
  const edge = { from: "say", to: "after", outcome: "success" };
  await expect(page.getByRole("img", { name: say("canvas.edgeLabel", edge) })).toHaveCount(1);
  await page.getByRole("tab", { name: say("Timeline") }).click();
  await expect(
    page.getByRole("img", { name: pattern`^${say("ran {{took}}", { took: /.+/ })}` }),
  ).toHaveCount(2);
  await page.getByRole("tab", { name: say("Input and output") }).click();
  await expect(page.getByText('"said": 7')).toBeVisible();
});

test("what failed is run again from there, with other inputs, previewed", {
  tag: "@smoke",
}, async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("fragile");
  await page.goto(`${served.address}/executions/${id}`);
  await expect(page.locator("header [data-status=failed]").first()).toBeVisible();
  await page.getByRole("button", { name: say("Run again") }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(say("1 node's output is taken over"))).toBeVisible();
  await dialog.getByLabel(say("Inputs")).fill('{"well": "yes"');
  await expect(
    dialog.getByText(say("Line {{line}}: this is no JSON object.", { line: 1 })),
  ).toBeVisible();
  await dialog.getByLabel(say("Inputs")).fill('{"well": "yes"}');
  await dialog.getByRole("button", { name: say("Run again") }).click();

  await expect(page).not.toHaveURL(new RegExp(id));
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
  await page.getByRole("tab", { name: say("Relations") }).click();
  await expect(page.getByText(say("Runs again"))).toBeVisible();
});

test("a person's answer lets a waiting node go on", { tag: "@smoke" }, async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("asks");
  await page.goto(`${served.address}/`);
  await page.getByRole("link", { name: /asks · ask/ }).click();
  await page.getByRole("button", { name: say("Approve") }).click();

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
  await expect(
    page.getByRole("button", { name: say("{{number}} new lines", { number: /[\d,]+/ }) }),
  ).toBeVisible({ timeout: 15_000 });

  await page.keyboard.press("/");
  await page.getByLabel(say("Find in the whole log")).fill("line 1");
  await expect(page.getByText(found(1))).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page.getByText(found(2))).toBeVisible();
  await expect(log.locator("[data-current=true] mark")).toHaveText("line 1");

  await page.getByRole("button", { name: say("Cancel") }).click();
  await page.getByLabel(say("Reason (kept on record)")).fill("seen enough");
  await page.getByRole("button", { name: say("Cancel the execution") }).click();
  await expect(page.locator("header [data-status=cancelled]").first()).toBeVisible({
    timeout: 15_000,
  });
});

test("filters stand in the address, and Back undoes a view", async ({ page, served }) => {
  await served.signIn(page);
  await served.run("quick");
  await served.run("fragile");
  await page.goto(`${served.address}/executions`);
  await page.getByLabel(say("Workflow or external id")).fill("fragile");
  await expect(page).toHaveURL(/text=fragile/);
  await expect(page.getByRole("link", { name: "quick" })).toHaveCount(0);
  const shared = page.url();
  await page.getByRole("link", { name: pattern`^${say("views.failed")} \d` }).click();
  await expect(page).toHaveURL(/status=failed/);
  await page.goBack();
  await expect(page).toHaveURL(shared);

  const other = await page.context().newPage();
  await other.goto(shared);
  await expect(other.getByLabel(say("Workflow or external id"))).toHaveValue("fragile");
  await expect(other.getByRole("link", { name: "fragile" }).first()).toBeVisible();
});

test("a filter is typed on while its rows come, and a list left for another is read anew", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await served.run("quick");
  await page.goto(`${served.address}/executions`);
  const text = page.getByLabel(say("Workflow or external id"));
  await text.click();
  await page.keyboard.type("qui");
  await expect(page).toHaveURL(/text=qui(&|$)/);
  await page.keyboard.type("ck");
  await expect(page).toHaveURL(/text=quick/);
  await expect(text).toBeFocused();
  await expect(text).toHaveValue("quick");
  await page.getByRole("link", { name: pattern`^${say("All")} ` }).click();
  await expect(text).toHaveValue("");
  const all = page.getByRole("row").getByRole("link", { name: "quick" });
  await expect(all.first()).toBeVisible();
  const before = await all.count();
  await page.getByRole("link", { name: pattern`^${say("views.failed")} \d` }).click();
  await expect(page).toHaveURL(/status=failed/);
  await served.run("quick");
  const { items } = (await served.api("GET", "/executions?limit=200")) as { items: unknown[] };
  const counted = page.getByRole("link", { name: pattern`^${say("All")} ${items.length}$` });
  await expect(counted).toBeVisible({ timeout: 10_000 });
  await counted.click();

  await expect(all).toHaveCount(before + 1);
});

test("what is typed and not told yet is not meant for a view that is chosen", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await served.run("fragile");
  await page.goto(`${served.address}/executions`);
  const failed = page.getByRole("link", { name: pattern`^${say("views.failed")} \d` });
  await expect(failed).toBeVisible();
  const text = page.getByLabel(say("Workflow or external id"));
  await text.click();
  await page.keyboard.type("frag");
  await failed.click();
  await expect(page).toHaveURL(/status=failed/);
  await page.waitForTimeout(600); // in which it would have been told

  expect(page.url()).not.toContain("text=");
  await expect(text).toHaveValue("");
});

test("an address that nobody can read says so", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/executions/%E0%A4%A`);

  await expect(page.getByRole("navigation").first()).toBeVisible();
});

test("a graph of hundreds of nodes is chosen from afar and read from near", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  served.save(manyNodes("many", 360));
  const id = await served.run("many");
  await page.goto(`${served.address}/executions/${id}?tab=graph`);
  const far = page.getByRole("img", { name: say("graph.far", { number: 360 }) });
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
  await page.getByRole("button", { name: say("Fit to view") }).click();

  await expect(far).toBeVisible();
});

test("j, k and Enter move and open; ? tells of them", async ({ page, served }) => {
  await served.signIn(page);
  await served.run("quick");
  await served.run("quick");
  await page.goto(`${served.address}/executions`);
  await expect(page.getByRole("row").nth(1)).toBeVisible();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog").getByText(say("Next execution"))).toBeVisible();
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
    .getByRole("checkbox", {
      name: say("Choose the execution of {{workflow}}", { workflow: "fragile" }),
    })
    .first()
    .click();
  await page
    .getByRole("button", { name: say("Choose all {{number}} that match", { number: /\d+/ }) })
    .click();
  await page.getByRole("button", { name: say("Delete"), exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(
    say("bulk.delete.text_other", { number: /\d+/ }),
  );
  await page
    .getByRole("button", { name: say("Delete {{count}} executions", { count: /\d+/ }) })
    .click();
  await page.getByRole("button", { name: say("Done") }).click();

  await expect(page.getByText(say("No execution matches"))).toBeVisible();
});

test("running all is watched and stopped", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows`);
  await page.getByRole("button", { name: say("Run all") }).click();
  await page
    .getByRole("button", { name: say("Run {{count}} workflows", { count: /\d+/ }) })
    .click();
  await expect(page.getByText(counts({}))).toBeVisible();
  await expect(page.getByText(someCompleted())).toBeVisible({ timeout: 15_000 });
  await page.getByRole("button", { name: say("Stop") }).click();

  await expect(page.getByRole("button", { name: say("Close") })).toBeVisible({ timeout: 20_000 });
  await expect(page.getByText(someStopped())).toBeVisible();
});

test("Ctrl-K leads anywhere", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill(say("Logs"));
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
