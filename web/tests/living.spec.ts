import type { Page } from "@playwright/test";
import { QUICK } from "./graphs";
import { expect, test } from "./served";
import { say } from "./words";

// It begins with nothing on record.
test.use({ ledger: "living" });
test.beforeAll(({ served }) => served.save(QUICK));

function counted(page: Page, part: string): { count: number } {
  const asked = { count: 0 };
  page.on("request", (request) => {
    if (request.url().includes(part)) asked.count += 1;
  });
  return asked;
}

async function hide(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

test("what happens elsewhere appears by itself; a hidden page rests and catches up", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/executions`);
  await expect(page.getByText(say("Nothing has run yet"))).toBeVisible();
  await served.run("quick");
  await expect(page.getByRole("link", { name: "quick" })).toHaveCount(1, { timeout: 10_000 });

  await hide(page, true);
  const asked = counted(page, "/api/");
  await served.run("quick");
  await page.waitForTimeout(6_000); // a while in which nothing may happen
  expect(asked.count).toBe(0);
  await hide(page, false);
  await expect(page.getByRole("link", { name: "quick" })).toHaveCount(2, { timeout: 3_000 });
});

test("an execution that has settled is not asked for again", async ({ page, served }) => {
  await served.signIn(page);
  const id = await served.run("quick");
  await page.goto(`${served.address}/executions/${id}`);
  await expect(page.locator("header [data-status=completed]").first()).toBeVisible();
  await page.waitForTimeout(500);
  const asked = counted(page, "/api/");
  await page.waitForTimeout(6_000); // a while in which nothing may happen

  expect(asked.count).toBe(0);
});

test("an end that one server told of is shown though another is a moment behind", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  const id = await served.run("quick");
  const progress = () => served.api("GET", `/executions/${id}/progress`);
  await expect.poll(progress, { timeout: 15_000 }).toMatchObject({ done: true });
  let [isToldOf, behind] = [false, 1];
  page.on("response", async (answer) => {
    if (answer.url().endsWith("/progress")) isToldOf ||= (await answer.json()).done;
  });
  await page.route(`**/api/v1/executions/${id}`, async (route) => {
    const answer = await route.fetch();
    const json = { ...(await answer.json()), status: "running", ended_at: null };
    if (isToldOf && behind-- <= 0) await route.fulfill({ response: answer });
    else await route.fulfill({ json });
  });
  await page.goto(`${served.address}/executions/${id}`);

  const running = page.locator("header [data-status=running]");
  await expect(running.first()).toBeVisible();
  await expect(running).toHaveCount(0, { timeout: 15_000 });
});

test("an idle dashboard asks once in two seconds at most, and is told of no change", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await page.waitForTimeout(3_000);
  const answers: number[] = [];
  page.on("response", (response) => {
    if (response.url().includes("/api/")) answers.push(response.status());
  });
  await page.waitForTimeout(10_000); // a while in which little may happen

  expect(answers.length).toBeLessThanOrEqual(5);
  expect(answers.every((status) => status === 304)).toBe(true);
});

test("a server that is down leaves what was read, and says so; then all goes on", async ({
  page,
  served,
}) => {
  await served.signIn(page);
  await page.goto(`${served.address}/`);
  const card = page.getByRole("link", { name: say("Runs today") });
  await expect(card).toContainText(/[1-9]/);
  const before = await card.textContent();
  await served.stop();
  await expect(page.getByRole("alert")).toContainText(say("Not up to date"), { timeout: 15_000 });
  expect(await card.textContent()).toBe(before);

  await served.start();
  await expect(page.getByRole("alert")).toHaveCount(0, { timeout: 25_000 });
});

test("a session that has ended is told, and leads back to what is open", async ({
  page,
  served,
}) => {
  const made = (await served.api("POST", "/tokens", { name: "short", role: "viewer" })) as {
    id: string;
    token: string;
  };
  await served.signIn(page, made.token);
  await page.goto(`${served.address}/executions?kind=graph`);
  await expect(page.getByRole("link", { name: "quick" }).first()).toBeVisible();
  await served.api("DELETE", `/tokens/${made.id}`);
  const again = page.getByRole("link", { name: say("Sign in again") });
  await expect(again).toBeVisible({ timeout: 15_000 });

  expect(await again.getAttribute("href")).toContain(encodeURIComponent("/executions?kind=graph"));
});

test("who may only look sees why the rest is not for them", async ({ page, served }) => {
  const made = (await served.api("POST", "/tokens", { name: "looks", role: "viewer" })) as {
    token: string;
  };
  const id = await served.run("quick");
  await served.signIn(page, made.token);
  await page.goto(`${served.address}/executions/${id}`);
  const button = page.getByRole("button", { name: say("Run again") });
  await expect(button).toHaveAttribute("aria-disabled", "true");
  await button.hover();

  await expect(page.getByRole("tooltip")).toContainText(say("hindrance.role"));
});

test("nobody sees the page who has not signed in", async ({ page, served }) => {
  await page.goto(`${served.address}/executions?kind=graph`);

  await expect(page).toHaveURL(/\/login\?next=/);
});

test("the page works below another path, through a proxy that takes it away", async ({
  page,
  served,
}) => {
  const { createServer, request } = await import("node:http");
  const target = new URL(served.address);
  const proxy = createServer((incoming, answer) => {
    const path = (incoming.url ?? "").replace(/^\/tools\/runs/, "");
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        path,
        method: incoming.method,
        headers: incoming.headers,
      },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const port = (proxy.address() as { port: number }).port;
  await served.signIn(page);
  await page.goto(`http://127.0.0.1:${port}/tools/runs/executions`);
  await page.getByRole("link", { name: "quick" }).first().click();

  await expect(page).toHaveURL(/\/tools\/runs\/executions\/[0-9a-f-]{36}/);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "quick" })).toBeVisible();
  proxy.close();
});
