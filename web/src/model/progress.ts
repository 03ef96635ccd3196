interface Counted {
  nodes_planned: number | null;
  nodes_total: number;
  nodes_completed: number;
  nodes_failed: number;
  nodes_cancelled: number;
  nodes_skipped: number;
  progress_current: number | null;
  progress_total: number | null;
}

export interface Progress {
  /** Fractions of the whole. */
  done: number;
  failed: number;
  /** `12/40`, as short as it can be said. */
  words: string;
}

/** How far an execution is by its own word, else by its nodes; null where neither is known. */
export function progressOf(counted: Counted): Progress | null {
  const { progress_current: current, progress_total: total } = counted;
  if (current !== null && total !== null && total > 0) {
    const done = Math.min(1, Math.max(0, current / total));
    return { done, failed: 0, words: `${compact(current)}/${compact(total)}` };
  }
  const settled =
    counted.nodes_completed +
    counted.nodes_failed +
    counted.nodes_cancelled +
    counted.nodes_skipped;
  const all = Math.max(counted.nodes_total, counted.nodes_planned ?? 0);
  if (all === 0) return null;
  return {
    done: (settled - counted.nodes_failed) / all,
    failed: counted.nodes_failed / all,
    words: `${compact(settled)}/${compact(all)}`,
  };
}

function compact(value: number): string {
  if (value >= 10_000) return `${Math.round(value / 1_000)}k`;
  return Number.isInteger(value) ? String(value) : value.toFixed(1);
}
