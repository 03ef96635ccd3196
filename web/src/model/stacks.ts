import type { Status } from "./status";

/** Executions of an hour or a day, by status. */
export type Counts = Readonly<Partial<Record<Status, number>>>;

export interface Segment {
  status: Status;
  count: number;
  /** Where it begins and how high it is, as fractions of the chart's height from below. */
  from: number;
  height: number;
}

const ORDER: readonly Status[] = [
  "completed",
  "skipped",
  "cancelled",
  "pending",
  "running",
  "lost",
  "failed",
];

/** The top of the axis: a round number that the highest stack stays within. */
export function niceTop(highest: number): number {
  if (highest <= 4) return 4;
  const unit = 10 ** Math.floor(Math.log10(highest));
  const factor = [1, 2, 2.5, 5, 10].find((each) => each * unit >= highest) ?? 10;
  return factor * unit;
}

export function totalOf(counts: Counts): number {
  return ORDER.reduce((sum, status) => sum + (counts[status] ?? 0), 0);
}

/** One stack's segments from below, what failed on top. */
export function segmentsOf(counts: Counts, top: number): Segment[] {
  let from = 0;
  return ORDER.flatMap((status) => {
    const count = counts[status] ?? 0;
    if (count === 0) return [];
    const segment = { status, count, from, height: count / top };
    from += segment.height;
    return [segment];
  });
}
