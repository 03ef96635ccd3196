import { type Filters, NO_FILTERS } from "./filters";

export const VIEW_NAMES = [
  "all",
  "running",
  "failed",
  "today",
  "todayFailed",
  "pending",
  "lost",
  "cancelled",
] as const;
export type ViewName = (typeof VIEW_NAMES)[number];

export interface SavedView {
  name: ViewName;
  filters: Filters;
  /** The names that the server counts it under; several are added up. */
  counted: readonly string[];
}

function view(name: ViewName, filters: Partial<Filters>, ...counted: string[]): SavedView {
  return { name, filters: { ...NO_FILTERS, ...filters }, counted };
}

export const SAVED_VIEWS: readonly SavedView[] = [
  view("all", {}, "all"),
  view("running", { status: ["running", "retrying"] }, "running", "retrying"),
  view("failed", { status: ["failed"] }, "failed"),
  view("today", { range: "today" }, "today"),
  view("todayFailed", { range: "today", status: ["failed"] }, "today_failed"),
  view("pending", { status: ["pending"] }, "pending"),
  view("lost", { status: ["lost"] }, "lost"),
  view("cancelled", { status: ["cancelled"] }, "cancelled"),
];

interface Counted {
  view: string;
  executions: number;
  at_least?: boolean;
}

export interface ViewTotal {
  count: number;
  atLeast: boolean;
}

/** How many executions a view shows; null where the server does not say. */
export function totalOf(view: SavedView, counts: readonly Counted[]): ViewTotal | null {
  const found = counts.filter((each) => view.counted.includes(each.view));
  if (found.length < view.counted.length) return null;
  return {
    count: found.reduce((sum, each) => sum + each.executions, 0),
    atLeast: found.some((each) => each.at_least === true),
  };
}
