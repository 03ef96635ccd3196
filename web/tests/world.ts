import { ASKS, FRAGILE, QUICK, SLOW } from "./graphs";
import type { Served } from "./served";

export const NEW_YORK = "America/New_York";

export interface World {
  /** An execution that failed, one of Celery's with a failing member, and one that runs. */
  failed: string;
  canvas: string;
  running: string;
  batch: string;
  schedules: Readonly<Record<"morning" | "often" | "night", string>>;
}

/** The time of the next change of clocks in New York, as a cron expression that it alters. */
export const ALTERED = "30 2 * * *";

/** A ledger with something of everything, made as people make it: by commands, the API and Celery. */
export async function makeWorld(served: Served): Promise<World> {
  for (const graph of [QUICK, FRAGILE, SLOW, ASKS]) served.save(graph);
  const schedules = {
    morning: await addSchedule(served, "quick", "morning", cron("0 7 * * 1-5"), "Asia/Seoul"),
    often: await addSchedule(
      served,
      "fragile",
      "often",
      { type: "interval", every: 900 },
      "Asia/Seoul",
    ),
    night: await addSchedule(served, "quick", "night", cron(ALTERED), NEW_YORK),
  };
  await served.api("POST", `/schedules/${schedules.often}/pause`, {
    reason: "the till is being replaced",
  });
  await served.api("POST", "/users", {
    name: "Kim",
    role: "operator",
    password: "correct horse battery staple",
  });
  await served.api("POST", "/tokens", { name: "nightly-etl", role: "ingest" });
  const failed = await served.run("fragile");
  for (let more = 0; more < 3; more += 1) await served.run("fragile");
  await served.run("quick");
  await served.run("asks");
  const running = await served.run("slow", { lines: 6_000 });
  const batch = (await served.api("POST", "/batches", {
    workflow: "fragile",
    inputs: [{ well: "yes" }, { well: "no" }, { well: "yes" }],
    name: "last week",
  })) as { id: string };
  return { failed, running, batch: batch.id, schedules, canvas: runCanvases(served) };
}

/** Runs a chord with a failing member in a real worker; answers its execution's id. */
export function runCanvases(served: Served): string {
  return served.python("-m", "tests.support.celery_gallery_run").trim();
}

function cron(expression: string) {
  return { type: "cron", expression };
}

async function addSchedule(
  served: Served,
  workflow: string,
  name: string,
  trigger: object,
  timezone: string,
): Promise<string> {
  const made = (await served.api("POST", "/schedules", {
    workflow,
    name,
    definition: { trigger },
    timezone,
  })) as { schedule: { id: string } };
  return made.schedule.id;
}
