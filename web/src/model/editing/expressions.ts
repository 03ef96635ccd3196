import { keyIn, parentOf } from "./documents";
import { type Draft, recordOf } from "./draft";

/** Something that a template of a node may read. */
export interface Expression {
  text: string;
  of: "input" | "variable" | "node" | "loop";
}

/** What the templates of a node may read: inputs, variables, the nodes before it, its turn. */
export function expressionsFor(draft: Draft, key: string | null): Expression[] {
  const inputs = Object.keys(recordOf(draft.written.inputs) ?? {});
  const variables = Object.keys(recordOf(draft.written.variables) ?? {});
  const before = key === null ? draft.nodes.map((each) => each.key) : nodesBefore(draft, key);
  return [
    ...loopNames(draft, key),
    ...before.map((each): Expression => ({ text: outputOf(each), of: "node" })),
    ...inputs.map((name): Expression => ({ text: `inputs.${name}`, of: "input" })),
    ...variables.map((name): Expression => ({ text: `variables.${name}`, of: "variable" })),
  ];
}

/** The nodes whose outputs are there when a node begins, the nearest first; of loops around, too. */
export function nodesBefore(draft: Draft, key: string): string[] {
  const found = new Set<string>();
  const waiting = [key];
  for (let at = waiting.shift(); at !== undefined; at = waiting.shift()) {
    const node = draft.byKey.get(at);
    if (!node) continue;
    for (const need of node.needs) {
      const from = keyIn(node.parent, need.node);
      if (found.has(from) || !draft.byKey.has(from) || from === key) continue;
      found.add(from);
      waiting.push(from);
    }
    if (node.parent !== null) waiting.push(node.parent);
  }
  return [...found];
}

function outputOf(key: string): string {
  const parent = parentOf(key);
  return `nodes.${parent === null ? key : key.slice(parent.length + 1)}.output`;
}

function loopNames(draft: Draft, key: string | null): Expression[] {
  const loop = key === null ? null : parentOf(key);
  const type = loop === null ? null : draft.byKey.get(loop)?.type;
  const names = type === "for_each" ? ["item", "index"] : type ? ["index", "previous"] : [];
  return names.map((text): Expression => ({ text, of: "loop" }));
}
