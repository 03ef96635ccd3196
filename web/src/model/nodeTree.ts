import { countByStatus, type Status, statusOf, together } from "./status";

/** What a tree needs of a node execution. */
export interface TreeNode {
  id: string;
  node: string;
  status: string;
  execution_order: number | null;
  parent_node_execution_id: string | null;
  iteration: string | null;
}

export interface NodeRow<T extends TreeNode> {
  key: string;
  depth: number;
  label: string;
  status: Status;
  /** The node execution itself; null for a turn of a loop, which stands for those within it. */
  node: T | null;
  hasChildren: boolean;
  isOpen: boolean;
  counts: ReadonlyMap<Status, number>;
}

interface Turn<T extends TreeNode> {
  iteration: string;
  nodes: T[];
}

/** Node executions by their parent, those of one turn of a loop together. */
export interface NodeTree<T extends TreeNode> {
  roots: readonly T[];
  turns: ReadonlyMap<string, readonly Turn<T>[]>;
}

export function nodeTree<T extends TreeNode>(nodes: readonly T[]): NodeTree<T> {
  const known = new Set(nodes.map((each) => each.id));
  const roots: T[] = [];
  const turns = new Map<string, Map<string, Turn<T>>>();
  for (const node of nodes) {
    const parent = node.parent_node_execution_id;
    if (parent === null || !known.has(parent)) {
      roots.push(node);
      continue;
    }
    const ofParent = turns.get(parent) ?? new Map<string, Turn<T>>();
    turns.set(parent, ofParent);
    const iteration = node.iteration ?? "";
    const turn = ofParent.get(iteration) ?? { iteration, nodes: [] };
    turn.nodes.push(node);
    ofParent.set(iteration, turn);
  }
  return {
    roots,
    turns: new Map([...turns].map(([parent, of]) => [parent, [...of.values()]])),
  };
}

/** The rows that are shown while `open` holds the keys of what is unfolded. */
export function nodeRows<T extends TreeNode>(
  tree: NodeTree<T>,
  open: ReadonlySet<string>,
): NodeRow<T>[] {
  const rows: NodeRow<T>[] = [];
  const below = (nodes: readonly T[], depth: number): void => {
    for (const node of nodes) {
      const turns = tree.turns.get(node.id) ?? [];
      const within = turns.flatMap((turn) => turn.nodes.map((each) => statusOf(each.status)));
      const isOpen = open.has(node.id);
      rows.push({
        key: node.id,
        depth,
        label: nameWithin(node.node),
        status: statusOf(node.status),
        node,
        hasChildren: turns.length > 0,
        isOpen,
        counts: countByStatus(within),
      });
      if (isOpen) turnsBelow(node.id, turns, depth + 1);
    }
  };
  const turnsBelow = (parent: string, turns: readonly Turn<T>[], depth: number): void => {
    const single = turns.length === 1 && turns[0]?.iteration === "" ? turns[0] : null;
    if (single) {
      below(single.nodes, depth);
      return;
    }
    for (const turn of turns) {
      const key = turnKey(parent, turn.iteration);
      const statuses = turn.nodes.map((each) => statusOf(each.status));
      const isOpen = open.has(key);
      rows.push({
        key,
        depth,
        label: `[${turn.iteration}]`,
        status: together(statuses),
        node: null,
        hasChildren: true,
        isOpen,
        counts: countByStatus(statuses),
      });
      if (isOpen) below(turn.nodes, depth + 1);
    }
  };
  below(tree.roots, 0);
  return rows;
}

export function turnKey(parent: string, iteration: string): string {
  return `${parent}[${iteration}]`;
}

/** The last part of a node's key: `check.files` within `check` is `files`. */
export function nameWithin(node: string): string {
  return node.slice(node.lastIndexOf(".") + 1);
}

/** What has to be unfolded to see a node execution. */
export function keysAbove<T extends TreeNode>(nodes: readonly T[], id: string): string[] {
  const byId = new Map(nodes.map((each) => [each.id, each]));
  const keys: string[] = [];
  let node = byId.get(id);
  while (node?.parent_node_execution_id) {
    const parent = node.parent_node_execution_id;
    if (node.iteration !== null) keys.push(turnKey(parent, node.iteration));
    keys.push(parent);
    node = byId.get(parent);
  }
  return keys;
}
