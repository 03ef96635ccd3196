import { appendFileSync } from "node:fs";
import { type Browser, expect, type Page, test } from "@playwright/test";

/** How quick the page is: what `python -m benchmarks.page` runs, on a server that it started. */

const told = (name: string) => process.env[`EVERYRUN_MEASURE_${name}`] ?? "";
const ADDRESS = told("ADDRESS");
const RUNS = 5;
const SECOND = 1_000;
const TICK = `
workflow: measured tick
nodes:
  tick: {type: set, with: {values: {n: 1}}}
`;
const WAITS = `
workflow: measured wait
nodes:
  wait: {type: wait, with: {for: 10m}}
`;

interface Figure {
  what: string;
  value: number;
  unit: string;
  target?: number;
  at_least?: boolean;
}

function tell(figure: Figure): void {
  appendFileSync(told("ANSWERS"), `${JSON.stringify(figure)}\n`);
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

async function api(method: string, path: string, body?: string, type = "application/json") {
  const answer = await fetch(`${ADDRESS}/api/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${told("TOKEN")}`, "Content-Type": type },
    ...(body === undefined ? {} : { body }),
  });
  expect(answer.ok).toBe(true);
  return answer.json();
}

async function run(graph: string, name: string): Promise<string> {
  await api("PUT", `/workflows/${encodeURIComponent(name)}`, graph, "application/yaml");
  const path = `/workflows/${encodeURIComponent(name)}/executions`;
  return ((await api("POST", path, "{}")) as { id: string }).id;
}

/** A browser that has seen nothing yet but its session. */
async function fresh(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const answer = await page.request.post(`${ADDRESS}/api/v1/login`, {
    data: { token: told("TOKEN") },
  });
  expect(answer.ok()).toBe(true);
  return page;
}

/** Milliseconds until something that was begun is seen, as the median of several browsers. */
async function timed(
  browser: Browser,
  begin: (page: Page) => Promise<unknown>,
  seen: (page: Page) => Promise<unknown>,
  prepare?: (page: Page) => Promise<unknown>,
): Promise<number> {
  const taken: number[] = [];
  for (let number = 0; number < RUNS; number += 1) {
    const page = await fresh(browser);
    await prepare?.(page);
    const begun = performance.now();
    await begin(page);
    await seen(page);
    taken.push(performance.now() - begun);
    await page.context().close();
  }
  return Math.round(median(taken));
}

const rows = (page: Page) => page.getByRole("row");

/** Looked for in every frame by a selector: a role takes the browser longer than a row's drawing. */
const drawn = (page: Page, selector: string) =>
  page.waitForFunction((wanted) => document.querySelector(wanted) !== null, selector);

test("first view of Executions", async ({ browser }) => {
  const value = await timed(
    browser,
    (page) => page.goto(`${ADDRESS}/executions`, { waitUntil: "commit" }),
    (page) => drawn(page, "[role=rowgroup] [role=row]"),
  );
  tell({ what: "first view of Executions, cold", value, unit: "ms", target: 1_500 });
});

test("first view of the dashboard", async ({ browser }) => {
  const value = await timed(
    browser,
    (page) => page.goto(`${ADDRESS}/`, { waitUntil: "commit" }),
    (page) => page.getByRole("link", { name: /Runs today/ }).waitFor(),
  );
  tell({ what: "first view of the dashboard, cold", value, unit: "ms" });
});

test("a filter is changed", async ({ browser }) => {
  const taken: number[] = [];
  for (let number = 0; number < RUNS; number += 1) {
    const page = await fresh(browser);
    await page.goto(`${ADDRESS}/executions`);
    await rows(page).nth(1).waitFor();
    const failed = page.getByRole("link", { name: /^Failed \d/ });
    await failed.waitFor();
    await page.waitForLoadState("networkidle");
    const shown = page.evaluate(fromClickToFailed);
    await failed.click();
    taken.push(await shown);
    await page.context().close();
  }
  const value = Math.round(median(taken));
  tell({ what: "filter changed to its rows", value, unit: "ms", target: 300 });
});

/** In the page: ms from the next click to the first frame in which all rows are of failed ones. */
function fromClickToFailed(): Promise<number> {
  const isThere = () => {
    const states = document.querySelectorAll(
      '[role=table][data-old="false"] [role=row] > [role=cell]:nth-child(2)',
    );
    return (
      states.length > 0 && [...states].every((each) => each.querySelector('[data-status="failed"]'))
    );
  };
  return new Promise((resolve) => {
    const begin = () => {
      const begun = performance.now();
      const look = () => {
        if (isThere()) resolve(performance.now() - begun);
        else requestAnimationFrame(look);
      };
      look();
    };
    document.addEventListener("click", begin, { capture: true, once: true });
  });
}

test("a graph of 2,000 nodes is opened and moved", async ({ browser }) => {
  const place = `${ADDRESS}/executions/${told("GRAPH")}`;
  const value = await timed(
    browser,
    (page) => page.getByRole("tab", { name: "Graph" }).click(),
    chooseOne,
    async (page) => {
      await page.goto(place);
      await expect(page.getByRole("tab", { name: "Graph" })).toBeVisible();
      await page.waitForLoadState("networkidle");
    },
  );
  tell({ what: "graph of 2,000 nodes, until one is chosen", value, unit: "ms", target: 2_000 });

  const page = await fresh(browser);
  await page.goto(`${place}?tab=graph`);
  await far(page).waitFor();
  const middle = await middleOf(page);
  await page.mouse.move(middle.x, middle.y);
  const wanted = { unit: "frames/s", target: 30, at_least: true };
  tell({ what: "the whole of it panned", value: await panned(page, middle), ...wanted });
  for (let turn = 0; turn < 3; turn += 1) {
    await page.mouse.wheel(0, -600); // closer, so that nodes come and go while it is panned
    await page.waitForTimeout(300);
  }
  await page.locator(".react-flow__node").first().waitFor();
  tell({ what: "the same from near", value: await panned(page, middle), ...wanted });
  await page.context().close();
});

const far = (page: Page) => page.getByRole("img", { name: /The whole graph from afar/ });

/** Go over the graph from afar until there is a node, and choose it. */
async function chooseOne(page: Page): Promise<void> {
  await far(page).waitFor();
  const middle = await middleOf(page);
  const named = page.locator('.react-flow__pane[title^="n"]');
  for (let step = 0; step < 40 && (await named.count()) === 0; step += 1)
    await page.mouse.move(middle.x + 3 * step, middle.y + 2 * step);
  await page.mouse.down();
  await page.mouse.up();
  await page.waitForURL(/node=/);
}

async function middleOf(page: Page): Promise<{ x: number; y: number }> {
  const box = await page.locator(".react-flow__pane").boundingBox();
  if (!box) throw new Error("there is no pane");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function panned(page: Page, middle: { x: number; y: number }): Promise<number> {
  await page.evaluate(() => {
    const counted = { frames: 0, since: performance.now() };
    Object.assign(window, { counted });
    const count = () => {
      counted.frames += 1;
      requestAnimationFrame(count);
    };
    requestAnimationFrame(count);
  });
  await page.mouse.down();
  for (let step = 0; step < 120; step += 1) {
    const angle = step / 12;
    await page.mouse.move(middle.x + 320 * Math.sin(angle), middle.y + 200 * Math.cos(angle));
  }
  await page.mouse.up();
  const rate = await page.evaluate(() => {
    const { counted } = window as unknown as { counted: { frames: number; since: number } };
    return (counted.frames * 1_000) / (performance.now() - counted.since);
  });
  return Math.round(rate);
}

test("a log of a million lines opens at its tail", async ({ browser }) => {
  const value = await timed(
    browser,
    (page) => page.goto(`${ADDRESS}/executions/${told("LOG")}?tab=logs`, { waitUntil: "commit" }),
    (page) => drawn(page, '[role=log] [data-index="499"]'),
  );
  tell({ what: "log of a million lines at its tail, cold", value, unit: "ms", target: 1_000 });
});

test("what is left open costs little, and nothing where nothing can move", async ({ browser }) => {
  const running = await run(WAITS, "measured wait");
  const settled = await run(TICK, "measured tick");
  const seconds = 20;
  for (const [what, path] of [
    ["the dashboard", "/"],
    ["a running execution", `/executions/${running}`],
    ["its log", `/executions/${running}?tab=logs`],
    ["Executions", "/executions"],
  ] as const) {
    const page = await fresh(browser);
    await page.goto(ADDRESS + path);
    await page.waitForTimeout(4 * SECOND);
    const asked = await requests(page, seconds);
    tell({
      what: `requests of ${what} left open`,
      value: asked / seconds,
      unit: "a second",
      target: 0.5,
    });
    await page.context().close();
  }
  const page = await fresh(browser);
  await page.goto(`${ADDRESS}/executions/${settled}`);
  await page.waitForTimeout(4 * SECOND);
  const asked = await requests(page, 6);
  tell({ what: "requests of a settled execution", value: asked, unit: "in 6 s", target: 0 });
  await page.context().close();
  await api("POST", `/executions/${running}/cancel`, "{}");
});

async function requests(page: Page, seconds: number): Promise<number> {
  let count = 0;
  page.on("request", (request) => {
    if (request.url().includes("/api/")) count += 1;
  });
  await page.waitForTimeout(seconds * SECOND);
  return count;
}

for (const [what, path] of [
  ["the dashboard", "/"],
  ["Executions", "/executions"],
] as const) {
  test(`memory of ${what} is steady after an hour's polls`, async ({ browser }) => {
    test.setTimeout(900_000);
    const page = await fresh(browser);
    await page.clock.install();
    await page.goto(ADDRESS + path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await polls(page, 100);
    let before = await heap(page);
    for (const [which, target] of [
      ["the first", undefined],
      ["the second", 10],
    ] as const) {
      await polls(page, 1_800);
      const after = await heap(page);
      tell({
        what: `heap grown by ${which} hour of polls, ${what}`,
        value: Math.round((after / before - 1) * 100),
        unit: "%",
        ...(target === undefined ? {} : { target }),
      });
      before = after;
    }
    await page.context().close();
  });
}

/** So many polls one after the other, with something new every now and then. */
async function polls(page: Page, count: number): Promise<void> {
  for (let number = 0; number < count; number += 1) {
    if (number % 60 === 0) await run(TICK, "measured tick");
    const answered = page.waitForResponse((response) => response.url().includes("/changes"));
    await page.clock.runFor(2_100);
    await answered;
  }
}

async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize;
}
