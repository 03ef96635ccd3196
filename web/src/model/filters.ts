import type { Search } from "./search";
import { isStatus, type Status } from "./status";
import { startOfDay, type ZoneChoice } from "./times";

export const KINDS = ["graph", "function", "script", "job", "celery"] as const;
/** What makes executions start; programs may name other things. */
export const TRIGGERS = ["manual", "schedule", "api", "event", "batch", "rerun", "parent"] as const;
export const RANGES = ["today", "15m", "1h", "6h", "24h", "7d", "30d"] as const;
export type Range = (typeof RANGES)[number];

/** Which executions are shown. All of it stands in the address. */
export interface Filters {
  workflow: string;
  kind: string;
  status: readonly Status[];
  trigger: string;
  tag: string;
  text: string;
  range: Range | "";
  since: string;
  until: string;
  batch: string;
  parent: string;
}

export const NO_FILTERS: Filters = {
  workflow: "",
  kind: "",
  status: [],
  trigger: "",
  tag: "",
  text: "",
  range: "",
  since: "",
  until: "",
  batch: "",
  parent: "",
};

export function filtersOf(search: Search): Filters {
  const range = search.range ?? "";
  return {
    workflow: search.workflow ?? "",
    kind: search.kind ?? "",
    status: (search.status ?? "").split(",").filter(isStatus),
    trigger: search.trigger ?? "",
    tag: search.tag ?? "",
    text: search.text ?? "",
    range: (RANGES as readonly string[]).includes(range) ? (range as Range) : "",
    since: momentOr(search.since),
    until: momentOr(search.until),
    batch: search.batch ?? "",
    parent: search.parent ?? "",
  };
}

export function searchOf(filters: Filters): Search {
  const search: Record<string, string> = {};
  for (const [name, value] of Object.entries(filters)) {
    const text = typeof value === "string" ? value : value.join(",");
    if (text !== "") search[name] = text;
  }
  return search;
}

/** What the server is asked for. A range ends now, and begins at a whole minute, so that it stays. */
export interface ExecutionQuery {
  workflow?: string;
  kind?: string;
  status?: string[];
  trigger?: string;
  tag?: string;
  text?: string;
  since?: string;
  until?: string;
  batch_id?: string;
  parent_execution_id?: string;
}

export function queryOf(filters: Filters, now: number, zone: ZoneChoice): ExecutionQuery {
  const since = filters.range === "" ? filters.since : sinceOf(filters.range, now, zone);
  return {
    ...(filters.workflow && { workflow: filters.workflow }),
    ...(filters.kind && { kind: filters.kind }),
    ...(filters.status.length > 0 && { status: [...filters.status] }),
    ...(filters.trigger && { trigger: filters.trigger }),
    ...(filters.tag && { tag: filters.tag }),
    ...(filters.text && { text: filters.text }),
    ...(since && { since }),
    ...(filters.range === "" && filters.until && { until: filters.until }),
    ...(filters.batch && { batch_id: filters.batch }),
    ...(filters.parent && { parent_execution_id: filters.parent }),
  };
}

const PAGE = 100;

/** A page of the list at a time. */
export function pageOf(query: ExecutionQuery): ExecutionQuery & { limit: number } {
  return { ...query, limit: PAGE };
}

const MINUTE = 60_000;
const LENGTHS: Readonly<Record<Exclude<Range, "today">, number>> = {
  "15m": 15 * MINUTE,
  "1h": 60 * MINUTE,
  "6h": 360 * MINUTE,
  "24h": 1_440 * MINUTE,
  "7d": 7 * 1_440 * MINUTE,
  "30d": 30 * 1_440 * MINUTE,
};

/** The moment that a range begins with. Today is that of the zone (R1.3). */
export function sinceOf(range: Range, now: number, zone: ZoneChoice): string {
  if (range === "today") return new Date(startOfDay(now, zone)).toISOString();
  return new Date(Math.floor((now - LENGTHS[range]) / MINUTE) * MINUTE).toISOString();
}

/** How many filters are set, so that they can be told of where they are folded away. */
export function countFilters(filters: Filters): number {
  return Object.keys(searchOf(filters)).length;
}

export function sameFilters(one: Filters, other: Filters): boolean {
  return JSON.stringify(searchOf(one)) === JSON.stringify(searchOf(other));
}

function momentOr(text: string | undefined): string {
  return text && !Number.isNaN(Date.parse(text)) ? text : "";
}
