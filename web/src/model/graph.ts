import { countByStatus, type Status, statusOf, together } from "./status";

export interface GraphNode {
  key: string;
  label: string;
  type: string | null;
  status: Status | null;
  /** Node executions of it, by status: many in a loop, none before it is begun. */
  counts: ReadonlyMap<Status, number>;
  /** The loop that it lies in. */
  parent: string | null;
  hasBody: boolean;
  /** Its newest node execution, to open. */
  latest: string | null;
}

export interface GraphEdge {
  id: string;
  from: string;
  to: string;
  outcome: string;
}

export interface Graph {
  nodes: readonly GraphNode[];
  edges: readonly GraphEdge[];
}

interface Ran {
  id: string;
  node: string;
  node_type: string | null;
  status: string;
  parent_node_execution_id: string | null;
}

interface Follows {
  node: string;
  after: string;
}

interface Step {
  type?: unknown;
  needs?: unknown;
  do?: unknown;
}

type Entries = [string, Step][];

/** The graph of a definition in canonical form, coloured by what its nodes came to. */
export function graphOf(definition: unknown, ran: readonly Ran[]): Graph {
  const nodes: GraphNode[] = [];
  const edges: GraphEdge[] = [];
  const byKey = groupByKey(ran);
  const add = (steps: Entries, parent: string | null): void => {
    for (const [name, step] of steps) {
      const key = parent === null ? name : `${parent}.${name}`;
      const body = entriesOf(step.do);
      nodes.push({
        ...whatRan(key, byKey.get(key) ?? []),
        label: name,
        type: typeof step.type === "string" ? step.type : null,
        parent,
        hasBody: body.length > 0,
      });
      edges.push(...needsOf(step.needs, key, parent));
      add(body, key);
    }
  };
  add(entriesOf(recordOf(definition)?.nodes), null);
  return { nodes, edges };
}

/**
 * What ran without a definition: each key is a node, joined to the one that started it, and in a
 * canvas to those that it follows.
 */
export function graphOfRan(ran: readonly Ran[], follows: readonly Follows[] = []): Graph {
  const keyOf = new Map(ran.map((each) => [each.id, each.node]));
  const parents = new Map<string, string>();
  for (const each of ran) {
    const parent = each.parent_node_execution_id && keyOf.get(each.parent_node_execution_id);
    if (parent && parent !== each.node) parents.set(each.node, parent);
  }
  const nodes = [...groupByKey(ran)].map(([key, of]) => ({
    ...whatRan(key, of),
    label: key,
    type: of[0]?.node_type ?? null,
    parent: null,
    hasBody: false,
  }));
  const known = new Set(nodes.map((each) => each.key));
  const edges = new Map<string, GraphEdge>();
  const join = (from: string, to: string): void => {
    if (from === to || !known.has(from) || !known.has(to)) return;
    const made = edge(from, to, "success");
    edges.set(made.id, made);
  };
  for (const [to, from] of parents) join(from, to);
  for (const each of follows) join(each.after, each.node);
  return { nodes, edges: [...edges.values()] };
}

/** The same graph in the colours of what ran of it. */
export function colouredBy(graph: Graph, ran: readonly Ran[]): Graph {
  const byKey = groupByKey(ran);
  const nodes = graph.nodes.map((node) => ({
    ...node,
    ...whatRan(node.key, byKey.get(node.key) ?? []),
  }));
  return { nodes, edges: graph.edges };
}

/** The graph with the bodies of loops folded away, but those in `open`. */
export function folded(graph: Graph, open: ReadonlySet<string>): Graph {
  const byKey = new Map(graph.nodes.map((each) => [each.key, each]));
  const isShown = (key: string): boolean => {
    const parent = byKey.get(key)?.parent;
    return !parent || (open.has(parent) && isShown(parent));
  };
  const nodes = graph.nodes.filter((each) => isShown(each.key));
  const shown = new Set(nodes.map((each) => each.key));
  return { nodes, edges: graph.edges.filter((each) => shown.has(each.from) && shown.has(each.to)) };
}

/** The keys that lead to a node and that it leads to, itself included. */
export function connectedTo(graph: Graph, key: string): Set<string> {
  return new Set([
    ...reached(graph.edges, key, "to", "from"),
    ...reached(graph.edges, key, "from", "to"),
  ]);
}

function reached(
  edges: readonly GraphEdge[],
  start: string,
  here: "from" | "to",
  there: "from" | "to",
): Set<string> {
  const found = new Set([start]);
  const left = [start];
  for (let key = left.pop(); key !== undefined; key = left.pop()) {
    for (const each of edges) {
      if (each[here] !== key || found.has(each[there])) continue;
      found.add(each[there]);
      left.push(each[there]);
    }
  }
  return found;
}

function groupByKey(ran: readonly Ran[]): Map<string, Ran[]> {
  const groups = new Map<string, Ran[]>();
  for (const each of ran) {
    const group = groups.get(each.node);
    if (group) group.push(each);
    else groups.set(each.node, [each]);
  }
  return groups;
}

function whatRan(key: string, ran: readonly Ran[]) {
  const statuses = ran.map((each) => statusOf(each.status));
  return {
    key,
    status: statuses.length === 0 ? null : together(statuses),
    counts: countByStatus(statuses),
    latest: ran.at(-1)?.id ?? null,
  };
}

function needsOf(needs: unknown, to: string, parent: string | null): GraphEdge[] {
  if (!Array.isArray(needs)) return [];
  return needs.flatMap((each: unknown) => {
    const need = recordOf(each);
    if (typeof need?.node !== "string") return [];
    const from = parent === null ? need.node : `${parent}.${need.node}`;
    return [edge(from, to, typeof need.outcome === "string" ? need.outcome : "success")];
  });
}

function edge(from: string, to: string, outcome: string): GraphEdge {
  return { id: `${from}→${to}:${outcome}`, from, to, outcome };
}

function entriesOf(value: unknown): Entries {
  return Object.entries(recordOf(value) ?? {}) as Entries;
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
