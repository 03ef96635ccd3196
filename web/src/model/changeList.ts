/** What changed between two versions, as the server tells it. */
interface Difference {
  fields: readonly FieldChange[];
  nodes_added: readonly string[];
  nodes_removed: readonly string[];
  nodes_changed: readonly { node: string; changes: readonly FieldChange[] }[];
  edges_added: readonly EdgeChange[];
  edges_removed: readonly EdgeChange[];
  reordered?: boolean;
}

interface FieldChange {
  field: string;
  before?: unknown;
  after?: unknown;
}

interface EdgeChange {
  node: string;
  to: string;
  outcome: string;
}

export type ChangeGroup =
  | "fields"
  | "nodesAdded"
  | "nodesRemoved"
  | "nodesChanged"
  | "edgesAdded"
  | "edgesRemoved";

/** One change: what it is of, and the values before and after; null where there was none. */
export interface Change {
  key: string;
  name: string;
  before: string | null;
  after: string | null;
}

/** The changes by what they are of; groups without any are left out. */
export function changeList(difference: Difference): [ChangeGroup, Change[]][] {
  const groups: [ChangeGroup, Change[]][] = [
    ["fields", difference.fields.map((each) => fieldChange(each, ""))],
    ["nodesAdded", difference.nodes_added.map(named)],
    ["nodesRemoved", difference.nodes_removed.map(named)],
    [
      "nodesChanged",
      difference.nodes_changed.flatMap((node) =>
        node.changes.map((each) => fieldChange(each, `${node.node}: `)),
      ),
    ],
    ["edgesAdded", difference.edges_added.map(edgeChange)],
    ["edgesRemoved", difference.edges_removed.map(edgeChange)],
  ];
  return groups.filter(([, changes]) => changes.length > 0);
}

function named(key: string): Change {
  return { key, name: key, before: null, after: null };
}

function edgeChange({ node, to, outcome }: EdgeChange): Change {
  const name = outcome === "success" ? `${node} → ${to}` : `${node} → ${to} (${outcome})`;
  return { key: `${node} ${to} ${outcome}`, name, before: null, after: null };
}

function fieldChange({ field, before, after }: FieldChange, prefix: string): Change {
  const name = prefix + field;
  return { key: name, name, before: valueText(before), after: valueText(after) };
}

function valueText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
