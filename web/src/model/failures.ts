interface Failure {
  execution_id: string;
  workflow: string;
  kind: string;
  started_at: string | null;
  ended_at: string | null;
  error_type: string | null;
  error_line: string | null;
}

/** Failures that say the same, as far as what differs by chance is left aside. */
export interface FailureGroup<T extends Failure> {
  key: string;
  type: string | null;
  /** The first line of the latest one's error. */
  line: string;
  /** How many of each workflow, the most first. */
  workflows: readonly (readonly [name: string, count: number])[];
  /** The latest first. */
  failures: readonly T[];
}

export const ORDERS = ["most", "latest"] as const;
export type Order = (typeof ORDERS)[number];

const BY_CHANCE: readonly (readonly [RegExp, string])[] = [
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi, "…"],
  [/\b0x[0-9a-f]+\b/gi, "…"],
  [/\b(?=[a-z]*\d)[0-9a-f]{12,}\b/gi, "…"],
  [/(["'`])(?:(?!\1).)*\1/g, "$1…$1"],
  [/(?:\/[\w.@-]+){2,}/g, "/…"],
  [/\d+(?:[.,:]\d+)*/g, "#"],
];

/** An error's line without what differs by chance: ids, addresses, quoted values, paths, numbers. */
export function reasonOf(line: string): string {
  return BY_CHANCE.reduce((text, [pattern, instead]) => text.replace(pattern, instead), line);
}

/** Failures, the latest first, put together by their reason. */
export function groupFailures<T extends Failure>(
  failures: readonly T[],
  order: Order,
): FailureGroup<T>[] {
  const found = new Map<string, T[]>();
  for (const failure of failures) {
    const key = `${failure.error_type ?? ""} ${reasonOf(failure.error_line ?? "")}`;
    const group = found.get(key);
    if (group) group.push(failure);
    else found.set(key, [failure]);
  }
  const groups = [...found].map(([key, members]) => ({
    key,
    type: members[0]?.error_type ?? null,
    line: members[0]?.error_line ?? "",
    workflows: countedNames(members),
    failures: members,
  }));
  // Those of the latest failure come first by themselves.
  return order === "latest"
    ? groups
    : groups.sort((one, other) => other.failures.length - one.failures.length);
}

function countedNames(failures: readonly Failure[]): [string, number][] {
  const counts = new Map<string, number>();
  for (const { workflow } of failures) counts.set(workflow, (counts.get(workflow) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one);
}
