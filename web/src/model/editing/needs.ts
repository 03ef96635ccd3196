/** One edge: a node waits for an outcome of another one. */
export interface Need {
  node: string;
  outcome: string;
}

export const SUCCESS = "success";

/** The edges of a node's `needs`, in whichever of its forms they are written. */
export function readNeeds(written: unknown): Need[] {
  if (typeof written === "string") return [{ node: written, outcome: SUCCESS }];
  if (Array.isArray(written)) return written.flatMap(readNeeds);
  if (typeof written !== "object" || written === null) return [];
  return Object.entries(written).flatMap(([node, outcomes]) =>
    (Array.isArray(outcomes) ? outcomes : [outcomes]).map((outcome) => ({
      node,
      outcome: String(outcome),
    })),
  );
}

/** The shortest form that says the same, as an export has it; undefined where there is nothing. */
export function writeNeeds(needs: readonly Need[]): unknown {
  const groups: { node: string; outcomes: unknown[] }[] = [];
  for (const { node, outcome } of needs) {
    const last = groups.at(-1);
    if (last?.node === node) last.outcomes.push(branch(outcome));
    else groups.push({ node, outcomes: [branch(outcome)] });
  }
  const written = groups.map(({ node, outcomes }) => {
    if (outcomes.length === 1 && outcomes[0] === SUCCESS) return node;
    return { [node]: outcomes.length === 1 ? outcomes[0] : outcomes };
  });
  return written.length > 1 ? written : written[0];
}

export function sameNeed(one: Need, other: Need): boolean {
  return one.node === other.node && one.outcome === other.outcome;
}

function branch(outcome: string): string | boolean {
  if (outcome === "true") return true;
  return outcome === "false" ? false : outcome;
}
