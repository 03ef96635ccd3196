import { allCompleted, someEnded, someStopped } from "./counts";
import { FRAGILE, QUICK, SLOW } from "./graphs";
import { expect, type Served, test } from "./served";
import { pattern, say } from "./words";
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
  await expect(page.getByText(say("Nothing starts by itself yet"))).toBeVisible();
  await page.getByRole("button", { name: say("Add a schedule") }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: say("Workflow") }).click();
  await page.getByRole("option", { name: "quick" }).click();
  await form.getByLabel(say("Name")).fill("night");
  await form.getByLabel(say("Cron expression")).fill("30 2 * * nonsense");
  await expect(form.getByRole("alert")).toBeVisible();
  await form.getByLabel(say("Cron expression")).fill("30 2 * * *");
  await expect(form.getByText(say("Every day at {{at}}", { at: "02:30" }))).toBeVisible();
  await form.getByRole("combobox", { name: say("Time zone") }).fill(NEW_YORK);
  await page.getByRole("option", { name: NEW_YORK }).click();
  await expect(
    form.getByText(say("{{time}} in {{zone}}", { time: /.*02:30/, zone: NEW_YORK })).first(),
  ).toBeVisible();
  await form.getByRole("button", { name: say("Add"), exact: true }).click();

  await expect(page.getByRole("heading", { level: 1, name: "night" })).toBeVisible();
  await expect(
    page
      .getByText(
        say("{{meant}} is skipped that day: fires at {{local}}", {
          meant: "02:30",
          local: "03:00",
        }),
      )
      .first(),
  ).toBeVisible();
  await page.getByRole("button", { name: say("Pause") }).click();
  await page.getByLabel(say("Reason")).fill("the till is being replaced");
  await page.getByRole("button", { name: say("Pause the schedule") }).click();
  await expect(
    page.getByText(say("Paused: {{reason}}", { reason: "the till is being replaced" })),
  ).toBeVisible();
  await page
    .getByRole("link", { name: say("Schedules"), exact: true })
    .first()
    .click();
  await expect(page.getByRole("listitem").filter({ hasText: "night" })).toContainText(
    "the till is being replaced",
  );
  await page.getByRole("button", { name: say("Resume") }).click();
  await expect(page.getByRole("button", { name: say("Pause") })).toBeVisible();
  await page.getByRole("link", { name: "night" }).click();
  await page.getByRole("button", { name: say("Delete") }).click();
  await page.getByRole("button", { name: say("Delete the schedule") }).click();
  await expect(page.getByText(say("Nothing starts by itself yet"))).toBeVisible();
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
  await page.getByRole("button", { name: say("Make up for a time") }).click();
  await expect(
    page.getByText(
      say("{{count}} due times to run; {{done}} were run already.", { count: 24, done: 0 }),
    ),
  ).toBeVisible();
  await page.getByLabel(say("At once")).fill("4");
  await page.getByRole("button", { name: say("Run {{count}} due times", { count: 24 }) }).click();

  await expect(page).toHaveURL(/\/batches\//);
  await expect(page.getByText(allCompleted(24))).toBeVisible({
    timeout: 25_000,
  });
  await served.api("DELETE", `/schedules/${made.schedule.id}`);
});

test("all are run as a batch, watched and stopped", async ({ page, served }) => {
  await served.signIn(page);
  const { items } = (await served.api("GET", "/workflows?active=true&kind=graph")) as {
    items: unknown[];
  };
  await page.goto(`${served.address}/batches`);
  await page.getByRole("button", { name: say("Run all") }).click();
  await expect(page.getByRole("dialog")).toContainText(
    say("workflows.runAllText_other", { count: items.length }),
  );
  await page
    .getByRole("button", { name: say("Run {{count}} workflows", { count: items.length }) })
    .click();
  await expect(page).toHaveURL(/\/batches\/[0-9a-f-]{36}/);
  // Until the batch's own page has come, the list shows the counts of earlier ones.
  await expect(page.getByRole("button", { name: say("Stop") })).toBeVisible();
  await expect(page.getByText(someEnded())).toBeVisible({ timeout: 20_000 });
  await page.getByRole("button", { name: say("Stop") }).click();
  await page.getByRole("button", { name: say("Stop the batch") }).click();

  await expect(page.getByText(someStopped())).toBeVisible({ timeout: 20_000 });
  await expect(page.locator("[data-status=cancelled][data-large=true]")).toBeVisible();
  await expect(page.getByRole("button", { name: say("Stop") })).toHaveCount(0);
});

test("one graph is run over many inputs", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/batches`);
  await page.getByRole("button", { name: say("Run over many inputs") }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("combobox", { name: say("Workflow") }).click();
  await page.getByRole("option", { name: "quick" }).click();
  await form.getByRole("textbox", { name: say("Inputs") }).fill('{"rows": 1}\n{"rows": }');
  await expect(
    form.getByText(say("Line {{line}}: this is no JSON object.", { line: 2 })),
  ).toBeVisible();
  await form.getByRole("textbox", { name: say("Inputs") }).fill('{"rows": 1}\n{"rows": 2}');
  await form.getByRole("button", { name: say("Run {{count}} executions", { count: 2 }) }).click();

  await expect(page.getByText(allCompleted(2))).toBeVisible({
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
  await expect(
    page.getByRole("region", {
      name: say("Failing nodes of {{workflow}}", { workflow: "fragile" }),
    }),
  ).toContainText("test");
  await group.getByRole("button", { name: say("Show each") }).click();
  await expect(group.getByRole("link", { name: "fragile", exact: true }).first()).toBeVisible();
  await group.getByRole("button", { name: say("Run these again") }).click();
  await page
    .getByRole("button", { name: pattern`^${say("Run {{count}} again", { count: /\d+/ })}` })
    .click();

  await expect(
    page.getByText(
      pattern`^${say("{{done}} done, {{failed}} refused, of {{total}}", {
        done: /[3-9]/,
        failed: 0,
        total: /[3-9]/,
      })}`,
    ),
  ).toBeVisible();
  await page.getByRole("button", { name: say("Done") }).click();
});

test("a chord of Celery with a failing member is shown as it went", async ({ page, served }) => {
  test.setTimeout(120_000);
  const id = runCanvases(served);
  await served.signIn(page);
  await page.goto(`${served.address}/celery`);
  const canvases = page.getByRole("list", { name: say("Canvases") });
  await expect(canvases.getByRole("listitem")).toHaveCount(2);
  await expect(canvases.getByRole("listitem").first()).toContainText("cannot identify image file");
  await page.getByRole("tab", { name: say("Tasks") }).click();
  const tasks = page.getByRole("table", {
    name: say("Tasks of {{name}}", { name: "publish_gallery" }),
  });
  await expect(tasks.getByRole("row").filter({ hasText: "gallery.resize" })).toContainText("6");
  await page.getByRole("tab", { name: say("Workers and queues") }).click();
  await expect(page.getByRole("list", { name: say("Workers and queues") })).toContainText(
    "celery@",
  );
  await page.getByRole("tab", { name: say("Canvases") }).click();
  await canvases.getByRole("link").first().click();

  await expect(page).toHaveURL(new RegExp(id));
  await expect(page.getByText("Task gallery.resize failed").first()).toBeVisible();
  await expect(page.getByRole("row", { name: `${say("Skipped")} publish` })).toBeVisible();
  const again = page.getByRole("button", { name: say("Run again") });
  await again.hover();
  await expect(page.getByRole("tooltip")).toContainText(say("hindrance.foreign"));
});

test("room is made after saying for how many executions", async ({ page, served }) => {
  const id = await served.run("fragile");
  await expect
    .poll(async () => ((await served.api("GET", `/executions/${id}`)) as { status: string }).status)
    .toBe("failed");
  await served.signIn(page);
  await page.goto(`${served.address}/storage`);
  await expect(page.getByRole("heading", { name: say("Tables with their indexes") })).toBeVisible();
  await page.getByLabel(say("Older than (days)")).fill("0");
  await page.getByRole("combobox", { name: say("Workflow") }).click();
  await page.getByRole("option", { name: "fragile" }).click();
  await expect(
    page.getByRole("link", {
      name: pattern`^(?:${say("1 matches")}|${say("{{number}} match", { number: /[1-9]\d*/ })})`,
    }),
  ).toBeVisible();
  await page.getByRole("button", { name: say("Delete"), exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(
    pattern`${say("bulk.delete.text_one")}|${say("bulk.delete.text_other", { number: /\d+/ })}`,
  );
  await page
    .getByRole("button", {
      name: pattern`^(?:${say("Delete 1 execution")}|${say("Delete {{count}} executions", { count: /\d+/ })})$`,
    })
    .click();
  await page.getByRole("button", { name: say("Done") }).click();

  await expect(
    page.getByRole("link", { name: pattern`^${say("{{number}} match", { number: 0 })}` }),
  ).toBeVisible();
});

test("a token is shown once, and revoked", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/settings?tab=tokens`);
  await page.getByRole("textbox", { name: say("Name") }).fill("nightly");
  await page.getByRole("button", { name: say("Make a token") }).click();
  await expect(
    page.getByRole("status").filter({ hasText: say("Copy it now: it is shown only once.") }),
  ).toContainText("er_");
  const row = page.getByRole("listitem").filter({ hasText: "nightly" });
  await row.getByRole("button", { name: say("Revoke") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("Revoke") })
    .click();
  await expect(row).toHaveCount(0);
  await page.getByRole("switch", { name: say("Show those revoked, too") }).click();
  await expect(row).toContainText(say("Revoked"));
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
  await page.getByRole("textbox", { name: say("Name") }).fill("Lee");
  await page.getByRole("textbox", { name: say("Password") }).fill("correct horse battery");
  await page.getByRole("button", { name: say("Show or hide the password") }).click();
  await page.getByRole("button", { name: say("Add a user") }).click();
  const row = page.getByRole("listitem").filter({ hasText: "Lee" });
  await expect(row).toBeVisible();

  const theirs = await (await browser.newContext()).newPage();
  const login = { name: "Lee", password: "correct horse battery" };
  expect((await theirs.request.post(`${served.address}/api/v1/login`, { data: login })).ok()).toBe(
    true,
  );
  await theirs.goto(`${served.address}/settings`);
  await theirs.getByLabel(say("Password as it is")).fill("correct horse battery");
  await theirs.getByLabel(say("New password"), { exact: true }).fill("a better one for me");
  await theirs.getByLabel(say("New password again")).fill("a better one for me");
  await theirs.getByRole("button", { name: say("Change the password") }).click();
  await expect(theirs.getByText(say("Changed. Your other sessions have ended."))).toBeVisible();
  await theirs.getByRole("tab", { name: say("Audit log") }).click();
  await expect(theirs.getByText(say("hindrance.role"))).toBeVisible();

  await row.getByRole("button", { name: say("Shut out") }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("Shut out") })
    .click();
  await expect(row).toContainText(say("Disabled"));
  await page.getByRole("tab", { name: say("Audit log") }).click();
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
    ["/schedules", say("Add a schedule")],
    ["/batches", say("Run all")],
    ["/storage", say("Delete")],
  ] as const) {
    await page.goto(served.address + place);
    const button = page.getByRole("button", { name: action, exact: true });
    await expect(button).toHaveAttribute("aria-disabled", "true");
    await button.focus();
    await expect(page.getByRole("tooltip")).toContainText(say("hindrance.role"));
  }
  for (const tab of ["users", "audit"]) {
    await page.goto(`${served.address}/settings?tab=${tab}`);
    await expect(page.getByText(say("hindrance.role"))).toBeVisible();
  }
});
