import type { World } from "./world";

/** The addresses of all pages and their tabs, by the names of their pictures. */
export function places(world: World & { audit: string }): Record<string, string> {
  const { audit, failed, canvas, batch, schedules } = world;
  const tabs = ["graph", "timeline", "log", "data", "attempts", "relations", "raw"];
  return {
    dashboard: "/",
    executions: "/executions",
    nodes: `/executions/${audit}`,
    ...Object.fromEntries(
      tabs.map((tab) => [tab, `/executions/${audit}?tab=${tab === "log" ? "logs" : tab}`]),
    ),
    "failed-execution": `/executions/${failed}`,
    "canvas-graph": `/executions/${canvas}?tab=graph`,
    workflows: "/workflows",
    batches: "/batches",
    batch: `/batches/${batch}`,
    celery: "/celery",
    tasks: "/celery?tab=tasks",
    workers: "/celery?tab=workers",
    schedules: "/schedules",
    schedule: `/schedules/${schedules.night}`,
    "schedule-paused": `/schedules/${schedules.often}`,
    failures: "/failures",
    "failures-of-one": "/failures?workflow=fragile",
    logs: "/logs?text=row",
    storage: "/storage",
    settings: "/settings",
    ...Object.fromEntries(
      ["tokens", "users", "sessions", "audit"].map((tab) => [tab, `/settings?tab=${tab}`]),
    ),
  };
}
