import { parseObject } from "./jsonText";
import type { Status } from "./status";

interface Counted {
  total: number;
  completed: number;
  failed: number;
  cancelled: number;
  not_run: number;
}

export interface Share {
  status: Status;
  count: number;
  /** Of the whole, in percent. */
  percent: number;
}

/** What has settled of a batch, as parts of a bar; what was not run counts as skipped. */
export function sharesOf(batch: Counted): Share[] {
  const counts: readonly [Status, number][] = [
    ["completed", batch.completed],
    ["failed", batch.failed],
    ["cancelled", batch.cancelled],
    ["skipped", batch.not_run],
  ];
  return counts
    .filter(([, count]) => count > 0)
    .map(([status, count]) => ({
      status,
      count,
      percent: (100 * count) / Math.max(1, batch.total),
    }));
}

export type Inputs = { ok: true; inputs: Record<string, unknown>[] } | { ok: false; line: number };

/** The inputs of many executions: a JSON object in each line, or a JSON list of objects. */
export function manyInputs(text: string): Inputs {
  if (text.trimStart().startsWith("[")) {
    const whole = parseObject(`{"all": ${text}}`);
    const all = whole.ok ? whole.value.all : null;
    if (!whole.ok) return whole;
    const isGood = Array.isArray(all) && all.every((each) => isObject(each));
    return isGood ? { ok: true, inputs: all as Record<string, unknown>[] } : { ok: false, line: 1 };
  }
  const inputs: Record<string, unknown>[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const parsed = parseObject(line);
    if (!parsed.ok) return { ok: false, line: index + 1 };
    inputs.push(parsed.value);
  }
  return { ok: true, inputs };
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
