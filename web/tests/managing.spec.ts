import { FRAGILE, QUICK, SLOW } from "./graphs";
import { expect, type Served, test } from "./served";
import { NEW_YORK, runCanvases } from "./world";

test.beforeAll(({ served }) => {
  for (const graph of [QUICK, FRAGILE, SLOW]) served.save(graph);
});

async function tokenFor(served: Served, role: string): Promise<string> {
  const name = `${role} ${Math.random()}`;
  return ((await served.api("POST", "/tokens", { name, role })) as { token: string }).token;
}

test("a schedule is made with a form, paused with a reason, resumed and deleted", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/schedules`);
  await expect(page.getByText("Nothing starts by itself yet")).toBeVisible();
  await page.getByRole("button", { name: "Add a schedule" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: "Workflow" }).click();
  await page.getByRole("option", { name: "quick" }).click();
  await form.getByLabel("Name").fill("night");
  await form.getByLabel("Cron expression").fill("30 2 * * nonsense");
  await expect(form.getByRole("alert")).toBeVisible();
  await form.getByLabel("Cron expression").fill("30 2 * * *");
  await expect(form.getByText("Every day at 02:30")).toBeVisible();
  await form.getByRole("combobox", { name: "Time zone" }).fill(NEW_YORK);
  await page.getByRole("option", { name: NEW_YORK }).click();
  await expect(form.getByText(`02:30 in ${NEW_YORK}`).first()).toBeVisible();
  await form.getByRole("button", { name: "Add", exact: true }).click();

  await expect(page.getByRole("heading", { level: 1, name: "night" })).toBeVisible();
  await expect(page.getByText("02:30 is skipped that day: fires at 03:00").first()).toBeVisible();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByLabel("Reason").fill("the till is being replaced");
  await page.getByRole("button", { name: "Pause the schedule" }).click();
  await expect(page.getByText("Paused: the till is being replaced")).toBeVisible();
  await page.getByRole("link", { name: "Schedules", exact: true }).first().click();
  await expect(page.getByRole("listitem").filter({ hasText: "night" })).toContainText(
    "the till is being replaced",
  );
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.getByRole("link", { name: "night" }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the schedule" }).click();
  await expect(page.getByText("Nothing starts by itself yet")).toBeVisible();
});

test("times of the past are made up for as a batch, after saying which", async ({
  page,
  served,
}) => {
  const made = (await served.api("POST", "/schedules", {
    workflow: "quick",
    name: "hourly",
    definition: { trigger: { type: "cron", expression: "0 * * * *" } },
  })) as { schedule: { id: string } };
  await served.signIn(page);
  await page.goto(`${served.address}/schedules/${made.schedule.id}`);
  await page.getByRole("button", { name: "Make up for a time" }).click();
  await expect(page.getByText("24 due times to run; 0 were run already.")).toBeVisible();
  await page.getByLabel("At once").fill("4");
  await page.getByRole("button", { name: "Run 24 due times" }).click();

  await expect(page).toHaveURL(/\/batches\//);
  await expect(page.getByText("24 completed, 0 failed, 0 cancelled, 0 not run, of 24")).toBeVisible(
    {
      timeout: 25_000,
    },
  );
  await served.api("DELETE", `/schedules/${made.schedule.id}`);
});

test("all are run as a batch, watched and stopped", async ({ page, served }) => {
  await served.signIn(page);
  const { items } = (await served.api("GET", "/workflows?active=true&kind=graph")) as {
    items: unknown[];
  };
  await page.goto(`${served.address}/batches`);
  await page.getByRole("button", { name: "Run all" }).click();
  await expect(page.getByRole("dialog")).toContainText(`${items.length} active graphs are run`);
  await page.getByRole("button", { name: `Run ${items.length} workflows` }).click();
  await expect(page).toHaveURL(/\/batches\/[0-9a-f-]{36}/);
  await expect(page.getByText(/^[1-9] completed|, [1-9] failed/)).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("button", { name: "Stop the batch" }).click();

  await expect(page.getByText(/[1-9] not run|[1-9] cancelled/)).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("[data-status=cancelled][data-large=true]")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop" })).toHaveCount(0);
});

test("one graph is run over many inputs", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/batches`);
  await page.getByRole("button", { name: "Run over many inputs" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: "Workflow" }).click();
  await page.getByRole("option", { name: "quick" }).click();
  await form.getByRole("textbox", { name: "Inputs" }).fill('{"rows": 1}\n{"rows": }');
  await expect(form.getByText("Line 2: this is no JSON object.")).toBeVisible();
  await form.getByRole("textbox", { name: "Inputs" }).fill('{"rows": 1}\n{"rows": 2}');
  await form.getByRole("button", { name: "Run 2 executions" }).click();

  await expect(page.getByText("2 completed, 0 failed, 0 cancelled, 0 not run, of 2")).toBeVisible({
    timeout: 20_000,
  });
});

test("what failed for one reason is told together, and run again together", async ({
  page,
  served,
}) => {
  await served.api("POST", "/batches", { workflow: "fragile", inputs: [{}, {}, {}], parallel: 3 });
  await served.signIn(page);
  await page.goto(`${served.address}/failures?workflow=fragile`);
  const group = page.getByRole("region", { name: "test failed: exit code 1" });
  await expect(group).toContainText(/fragile \([3-9]\)/, { timeout: 15_000 });
  await expect(page.getByRole("region", { name: "Failing nodes of fragile" })).toContainText(
    "test",
  );
  await group.getByRole("button", { name: "Show each" }).click();
  await expect(group.getByRole("link", { name: "fragile", exact: true }).first()).toBeVisible();
  await group.getByRole("button", { name: "Run these again" }).click();
  await page.getByRole("button", { name: /^Run \d+ again/ }).click();

  await expect(page.getByText(/^[3-9] done, 0 refused/)).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
});

test("a chord of Celery with a failing member is shown as it went", async ({ page, served }) => {
  test.setTimeout(120_000);
  const id = runCanvases(served);
  await served.signIn(page);
  await page.goto(`${served.address}/celery`);
  const canvases = page.getByRole("list", { name: "Canvases" });
  await expect(canvases.getByRole("listitem")).toHaveCount(2);
  await expect(canvases.getByRole("listitem").first()).toContainText("cannot identify image file");
  await page.getByRole("tab", { name: "Tasks" }).click();
  const tasks = page.getByRole("table", { name: "Tasks of publish_gallery" });
  await expect(tasks.getByRole("row").filter({ hasText: "gallery.resize" })).toContainText("6");
  await page.getByRole("tab", { name: "Workers and queues" }).click();
  await expect(page.getByRole("list", { name: "Workers and queues" })).toContainText("celery@");
  await page.getByRole("tab", { name: "Canvases" }).click();
  await canvases.getByRole("link").first().click();

  await expect(page).toHaveURL(new RegExp(id));
  await expect(page.getByText("Task gallery.resize failed").first()).toBeVisible();
  await expect(page.getByRole("row", { name: /Skipped publish/ })).toBeVisible();
  const again = page.getByRole("button", { name: "Run again" });
  await again.hover();
  await expect(page.getByRole("tooltip")).toContainText("only recorded here");
});

test("room is made after saying for how many executions", async ({ page, served }) => {
  const id = await served.run("fragile");
  await expect
    .poll(async () => ((await served.api("GET", `/executions/${id}`)) as { status: string }).status)
    .toBe("failed");
  await served.signIn(page);
  await page.goto(`${served.address}/storage`);
  await expect(page.getByRole("heading", { name: "Tables with their indexes" })).toBeVisible();
  await page.getByLabel("Older than (days)").fill("0");
  await page.getByRole("combobox", { name: "Workflow" }).click();
  await page.getByRole("option", { name: "fragile" }).click();
  await expect(page.getByRole("link", { name: /^[1-9]\d* match/ })).toBeVisible();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText("deleted for good");
  await page.getByRole("button", { name: /^Delete \d+ executions?$/ }).click();
  await page.getByRole("button", { name: "Done" }).click();

  await expect(page.getByRole("link", { name: /^0 match/ })).toBeVisible();
});

test("a token is shown once, and revoked", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/settings?tab=tokens`);
  await page.getByRole("textbox", { name: "Name" }).fill("nightly");
  await page.getByRole("button", { name: "Make a token" }).click();
  await expect(page.getByRole("status").filter({ hasText: "only once" })).toContainText("er_");
  const row = page.getByRole("listitem").filter({ hasText: "nightly" });
  await row.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(row).toHaveCount(0);
  await page.getByRole("switch", { name: "Show those revoked, too" }).click();
  await expect(row).toContainText("Revoked");
  await page.reload();
  await expect(page.getByText("er_").filter({ hasText: /er_\w{20}/ })).toHaveCount(0);
});

test("a user is made, changes their password, and is shut out; the audit log tells of it", async ({
  page,
  browser,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/settings?tab=users`);
  await page.getByRole("textbox", { name: "Name" }).fill("Lee");
  await page.getByRole("textbox", { name: "Password" }).fill("correct horse battery");
  await page.getByRole("button", { name: "Add a user" }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Lee" });
  await expect(row).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  const login = { name: "Lee", password: "correct horse battery" };
  expect((await theirs.request.post(`${served.address}/api/v1/login`, { data: login })).ok()).toBe(
    true,
  );
  await theirs.goto(`${served.address}/settings`);
  await theirs.getByLabel("Password as it is").fill("correct horse battery");
  await theirs.getByLabel("New password", { exact: true }).fill("a better one for me");
  await theirs.getByLabel("New password again").fill("a better one for me");
  await theirs.getByRole("button", { name: "Change the password" }).click();
  await expect(theirs.getByText("Your other sessions have ended")).toBeVisible();
  await theirs.getByRole("tab", { name: "Audit log" }).click();
  await expect(theirs.getByText("Your role does not allow this")).toBeVisible();

  await row.getByRole("button", { name: "Shut out" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Shut out" }).click();
  await expect(row).toContainText("Disabled");
  await page.getByRole("tab", { name: "Audit log" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "user.password" })).toContainText(
    "Lee",
  );
  await expect(page.getByRole("listitem").filter({ hasText: "user.change" })).toContainText("Lee");
});

test("who may only look sees why the rest is not for them, on every page", async ({
  page,
  served,
}) => {
  await served.signIn(page, await tokenFor(served, "viewer"));
  for (const [place, action] of [
    ["/schedules", "Add a schedule"],
    ["/batches", "Run all"],
    ["/storage", "Delete"],
  ] as const) {
    await page.goto(served.address + place);
    const button = page.getByRole("button", { name: action, exact: true });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await button.focus();
    await expect(page.getByRole("tooltip")).toContainText("Your role does not allow this");
  }
  for (const tab of ["users", "audit"]) {
    await page.goto(`${served.address}/settings?tab=${tab}`);
    await expect(page.getByText("Your role does not allow this")).toBeVisible();
  }
});
