import { type DraftNode, recordOf } from "./draft";

const USUAL = ["success", "failure", "always"] as const;

/** The outcomes of a node that an edge may wait for: branches first, where its type has any. */
export function outcomesOf(node: DraftNode | undefined): string[] {
  return [...branchesOf(node), ...USUAL];
}

/** The branches that a node chooses between. */
export function branchesOf(node: DraftNode | undefined): string[] {
  const given = recordOf(node?.written.with) ?? {};
  if (node?.type === "condition") return ["true", "false"];
  if (node?.type === "approval")
    return given.on_reject === "branch" ? ["approved", "rejected"] : [];
  if (node?.type !== "switch") return [];
  const { cases } = given;
  const named = Array.isArray(cases) ? cases.map(String) : Object.keys(recordOf(cases) ?? {});
  return [...named, "default"];
}

/** What a new edge from a node waits for: its first branch that leads nowhere yet. */
export function nextOutcome(node: DraftNode | undefined, taken: ReadonlySet<string>): string {
  const branches = branchesOf(node);
  return branches.find((each) => !taken.has(each)) ?? branches[0] ?? "success";
}
