import { keyIn, parentOf } from "./documents";
import { edgeId } from "./draft";

/** What the server says is wrong with a definition. Lines and columns count from 1. */
export interface Problem {
  code: string;
  message: string;
  line?: number | null;
  column?: number | null;
  node?: string | null;
  cycle_path?: readonly string[] | null;
}

/** The piece of a text that a problem is about: from its place to the end of the word or line. */
export function placeOf(text: string, problem: Problem): { from: number; to: number } {
  const lines = text.split("\n");
  const index = Math.min(Math.max((problem.line ?? 1) - 1, 0), lines.length - 1);
  const line = lines[index] ?? "";
  const before = lines.slice(0, index).reduce((sum, each) => sum + each.length + 1, 0);
  // The server counts characters; a text here counts half of some of them.
  const column = [...line].slice(0, (problem.column ?? 1) - 1).join("").length;
  const rest = line.slice(column);
  const word = /^(?:"[^"]*"|'[^']*'|[^\s:,{}[\]]+)/.exec(rest)?.[0] ?? rest;
  const from = before + Math.min(column, line.length);
  return { from, to: Math.max(from, from + word.length) };
}

/** The problems of each node, by its whole key; those of the workflow itself under "". */
export function byNode<P extends Problem>(problems: readonly P[]): Map<string, P[]> {
  const found = new Map<string, P[]>();
  for (const problem of problems) {
    for (const key of nodesOf(problem)) {
      const of = found.get(key);
      if (of) of.push(problem);
      else found.set(key, [problem]);
    }
  }
  return found;
}

function nodesOf(problem: Problem): string[] {
  const cycle = cycleOf(problem);
  return cycle.length > 0 ? [...new Set(cycle)] : [problem.node ?? ""];
}

/** The nodes that wait for each other, by their whole keys: the first one is the last again. */
export function cycleOf(problem: Problem): string[] {
  const loop = problem.node ? parentOf(problem.node) : null;
  return (problem.cycle_path ?? []).map((name) => keyIn(loop, name));
}

/** The ids of the edges that lie on a cycle, whatever outcome they wait for. */
export function edgesOnCycles(
  problems: readonly Problem[],
  edges: readonly { from: string; to: string; outcome: string }[],
): Set<string> {
  const steps = new Set<string>();
  for (const problem of problems) {
    const cycle = cycleOf(problem);
    for (const [index, to] of cycle.slice(1).entries()) steps.add(`${cycle[index]} ${to}`);
  }
  return new Set(
    edges
      .filter((edge) => steps.has(`${edge.from} ${edge.to}`))
      .map((edge) => edgeId(edge.from, edge.to, edge.outcome)),
  );
}
