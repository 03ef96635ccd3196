/** The vocabulary of statuses, in the order in which they are shown. */
export const STATUSES = [
  "pending",
  "running",
  "retrying",
  "lost",
  "failed",
  "cancelled",
  "skipped",
  "completed",
] as const;

export type Status = (typeof STATUSES)[number];

const SETTLED: ReadonlySet<Status> = new Set(["completed", "failed", "cancelled", "skipped"]);
/** Which of several statuses speaks for them all: what is worst, then what still moves. */
const WEIGHTS: Readonly<Record<Status, number>> = {
  failed: 7,
  lost: 6,
  retrying: 5,
  running: 4,
  cancelled: 3,
  pending: 2,
  completed: 1,
  skipped: 0,
};

export function isStatus(text: string): text is Status {
  return (STATUSES as readonly string[]).includes(text);
}

/** A status that the server told; what a newer server may say that this page does not know waits. */
export function statusOf(text: string): Status {
  return isStatus(text) ? text : "pending";
}

export function isSettled(status: Status): boolean {
  return SETTLED.has(status);
}

/** The status that stands for several: the worst, else what still moves. Pending for none. */
export function together(statuses: Iterable<Status>): Status {
  let found: Status | null = null;
  for (const status of statuses) {
    if (found === null || WEIGHTS[status] > WEIGHTS[found]) found = status;
  }
  return found ?? "pending";
}

export function countByStatus(statuses: Iterable<Status>): Map<Status, number> {
  const counts = new Map<Status, number>();
  for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
