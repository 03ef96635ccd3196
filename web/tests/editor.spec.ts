import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { expect, test } from "./served";
import { say } from "./words";

const LETTERS = `
workflow: letters
description: Write to everybody.
inputs:
  day: {type: string, default: today}
nodes:
  fetch:
    type: shell
    with: {command: "echo {{ inputs.day }}"}
  send:
    needs: fetch
    type: shell
    with: {command: "echo sent {{ nodes.fetch.output.stdout }}"}
`;

test.describe.configure({ timeout: 60_000 });
test.beforeAll(({ served }) => served.save(LETTERS));

const yaml = (page: Page) => page.getByRole("textbox", { name: say("The definition as YAML") });
const problems = (page: Page) => page.getByRole("region", { name: say("Problems") });
const step = (page: Page, name: string) => page.locator(`.react-flow__node[data-id="${name}"]`);

async function replaceInYaml(page: Page, from: string, to: string): Promise<void> {
  const text = (await yaml(page).locator(".cm-line").allInnerTexts()).join("\n");
  expect(text).toContain(from);
  await yaml(page).click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(text.replaceAll("\u200b", "").replace(from, to));
}

test("a graph is edited, its cycle is told of, mended, saved, run and watched", {
  tag: "@smoke",
}, async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows/letters`);
  await expect(page.getByRole("heading", { name: "letters", level: 1 })).toBeVisible();
  await expect(page.getByText("Write to everybody.")).toBeVisible();
  await page.getByRole("link", { name: say("Edit") }).click();
  await expect(step(page, "send")).toBeVisible({ timeout: 15_000 });
  await expect(problems(page)).toContainText(say("Nothing is wrong."));

  await step(page, "send").click();
  await page
    .getByRole("navigation", { name: say("Node types") })
    .getByRole("button", { name: "shell" })
    .click();
  await expect(step(page, "shell")).toBeVisible();
  await expect(problems(page)).toContainText("parameter 'command' is missing");
  await page.getByRole("textbox", { name: "command" }).fill("echo done");
  await expect(yaml(page)).toContainText("echo done");
  await expect(yaml(page)).toContainText("sent {{ nodes.fetch");
  await expect(problems(page)).toContainText(say("Nothing is wrong."));

  await step(page, "fetch").click();
  await page.getByLabel(say("Wait for …")).selectOption("shell");
  await page.getByRole("button", { name: say("Wait for this node") }).click();
  await expect(problems(page)).toContainText("these nodes wait for each other");
  await expect(problems(page)).toContainText("fetch → send → shell → fetch");
  const save = page.getByRole("button", { name: say("Save"), exact: true });
  await expect(save).toHaveAttribute("aria-disabled", "true");
  await page
    .getByRole("button", { name: say("Wait for {{node}} no longer", { node: "shell" }) })
    .click();
  await expect(problems(page)).toContainText(say("Nothing is wrong."));
  await save.click();
  await expect(
    page.getByRole("status").filter({ hasText: say("version {{version}}", { version: 2 }) }),
  ).toBeVisible();

  await page.getByRole("button", { name: say("Run"), exact: true }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say("Run") })
    .click();
  await expect(page).toHaveURL(/run=/);
  await expect(step(page, "shell").locator("[data-status=completed]").first()).toBeVisible({
    timeout: 15_000,
  });
  await step(page, "send").click();
  await expect(page.getByRole("region", { name: say("In the last run") })).toContainText(
    "sent today",
  );
});

test("what is written as text is drawn, and undone in both", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows/letters/edit`);
  await expect(step(page, "fetch")).toBeVisible({ timeout: 15_000 });
  await replaceInYaml(page, "  fetch:", "  load:");
  await expect(step(page, "load")).toBeVisible();
  await expect(problems(page)).toContainText("fetch");
  await expect(page.locator(".cm-lintRange-error").first()).toBeVisible();
  await page.getByRole("button", { name: say("Undo") }).click();
  await expect(step(page, "fetch")).toBeVisible();
  await expect(yaml(page)).toContainText("fetch:");
  await expect(problems(page)).toContainText(say("Nothing is wrong."));
});

test("who saves second is shown what the first one changed, and chooses", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows/letters/edit`);
  await expect(step(page, "send")).toBeVisible({ timeout: 15_000 });
  served.save(LETTERS.replace("Write to everybody.", "Written by another."));
  await replaceInYaml(page, "Write to everybody.", "Written by me.");
  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText(say("Somebody saved meanwhile"));
  await expect(dialog).toContainText("Written by another.");
  await dialog.getByText(say("Theirs against yours")).click();
  await expect(dialog).toContainText("Written by me.");
  await dialog
    .getByRole("button", { name: say("Save mine as version {{version}}", { version: /\d/ }) })
    .click();
  await expect(dialog).toHaveCount(0);

  await page.goto(`${served.address}/workflows/letters?tab=versions`);
  await expect(page.getByText("Written by me.").last()).toBeVisible();
  await page.getByText(say("As text")).click();
  await expect(page.getByText("description: Written by another.")).toBeVisible();
});

test("a new graph is written, saved and found", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows`);
  await page.getByRole("button", { name: say("New workflow") }).click();
  await expect(step(page, "hello")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("textbox", { name: say("Name") }).fill("of mine/here");
  await expect(problems(page)).toContainText(say("Nothing is wrong."));
  await page.getByRole("button", { name: say("Save"), exact: true }).click();
  await expect(page).toHaveURL(/\/workflows\/of%20mine%2Fhere\/edit/);
  await page.reload();
  await expect(step(page, "hello")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("link", { name: "of mine/here" }).click();
  await expect(page.getByText(say("It has not run yet"))).toBeVisible();
});

test("one is asked before what was changed is left", async ({ page, served }) => {
  await served.signIn(page);
  await page.goto(`${served.address}/workflows/letters/edit`);
  await expect(step(page, "send")).toBeVisible({ timeout: 15_000 });
  await page.getByLabel(say("Description")).fill("Otherwise.");
  await page.getByRole("link", { name: say("Dashboard"), exact: true }).click();
  await expect(page.getByRole("dialog")).toContainText(say("Leave without saving?"));
  await page.getByRole("button", { name: say("Back") }).click();
  await expect(page).toHaveURL(/letters\/edit/);
});

test("how a workflow and its nodes fare is shown, and it is switched off", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await served.run("letters");
  await page.goto(`${served.address}/workflows/letters?tab=statistics`);
  await expect(page.getByRole("cell", { name: "fetch" })).toBeVisible({ timeout: 10_000 });
  const active = page.getByRole("switch", { name: say("workflow.active") });
  // What is in its middle depends on how long its words are: itself, or the track that it moves in.
  const label = page.locator("label").filter({ has: active });
  await label.click();
  await expect(active).not.toBeChecked();
  await label.click();
  await expect(active).toBeChecked();
});

for (const scheme of ["light", "dark"] as const) {
  test.describe(scheme, () => {
    test.use({ colorScheme: scheme });

    test("axe finds nothing on a workflow's pages", async ({ page, served }) => {
      test.setTimeout(60_000);
      await served.signIn(page);
      for (const place of [
        "/workflows/letters",
        "/workflows/letters?tab=statistics",
        "/workflows/letters?tab=versions",
        "/workflows/letters/edit",
        "/workflows/letters/edit?node=send",
      ]) {
        await page.goto(served.address + place);
        await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
        await page.waitForLoadState("networkidle");
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map((each) => `${place}: ${each.id} ${each.nodes[0]?.html.slice(0, 200)}`),
        ).toEqual([]);
      }
    });
  });
}
