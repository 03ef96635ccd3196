import type { Document } from "yaml";
import type { Graph, GraphEdge, GraphNode } from "../graph";
import { isReadable, keyIn, nodePath, type Path, readDocument } from "./documents";
import { type Need, readNeeds } from "./needs";

/** One node as it is written. */
export interface DraftNode {
  /** The whole key: `each.verify`. */
  key: string;
  name: string;
  parent: string | null;
  path: Path;
  type: string | null;
  needs: readonly Need[];
  position: { x: number; y: number } | null;
  /** All that is written of it, as plain values. */
  written: Readonly<Record<string, unknown>>;
}

/** What a text says of a graph. */
export interface Draft {
  /** Whether the text could be read: otherwise nothing else is known. */
  isReadable: boolean;
  name: string;
  written: Readonly<Record<string, unknown>>;
  nodes: readonly DraftNode[];
  byKey: ReadonlyMap<string, DraftNode>;
}

const UNREADABLE: Draft = {
  isReadable: false,
  name: "",
  written: {},
  nodes: [],
  byKey: new Map(),
};

export function draftOf(text: string): Draft {
  const document = readDocument(text);
  if (!isReadable(document)) return UNREADABLE;
  const written = plain(document);
  if (written === null) return UNREADABLE;
  const nodes = nodesIn(written.nodes, null);
  return {
    isReadable: true,
    name: typeof written.workflow === "string" ? written.workflow : "",
    written,
    nodes,
    byKey: new Map(nodes.map((node) => [node.key, node])),
  };
}

/** The drawing of a draft. Edges to nodes that are not there are left out. */
export function graphOfDraft(draft: Draft): Graph {
  const nodes = draft.nodes.map(
    (node): GraphNode => ({
      key: node.key,
      label: node.name,
      type: node.type,
      status: null,
      counts: new Map(),
      parent: node.parent,
      hasBody: recordOf(node.written.do) !== null,
      latest: null,
    }),
  );
  const edges = draft.nodes.flatMap((node) =>
    node.needs
      .map((need): GraphEdge => {
        const from = keyIn(node.parent, need.node);
        const { outcome } = need;
        return { id: edgeId(from, node.key, outcome), from, to: node.key, outcome };
      })
      .filter((edge) => draft.byKey.has(edge.from)),
  );
  return { nodes, edges: [...new Map(edges.map((edge) => [edge.id, edge])).values()] };
}

export function edgeId(from: string, to: string, outcome: string): string {
  return `${from}→${to}:${outcome}`;
}

/** A key that is not taken yet in a body or in the graph itself, made from a word. */
export function freeKey(taken: ReadonlySet<string>, word: string): string {
  if (!taken.has(word)) return word;
  const stem = word.replace(/_\d+$/, "");
  let number = 2;
  while (taken.has(`${stem}_${number}`)) number += 1;
  return `${stem}_${number}`;
}

export function namesIn(draft: Draft, loop: string | null): Set<string> {
  return new Set(draft.nodes.filter((each) => each.parent === loop).map((each) => each.name));
}

function nodesIn(container: unknown, parent: string | null): DraftNode[] {
  return Object.entries(recordOf(container) ?? {}).flatMap(([name, value]) => {
    const written = recordOf(value) ?? {};
    const key = keyIn(parent, name);
    const node: DraftNode = {
      key,
      name,
      parent,
      path: nodePath(key),
      type: typeof written.type === "string" ? written.type : null,
      needs: readNeeds(written.needs),
      position: positionOf(written.position),
      written,
    };
    return [node, ...nodesIn(written.do, key)];
  });
}

function positionOf(value: unknown): DraftNode["position"] {
  const { x, y } = recordOf(value) ?? {};
  return typeof x === "number" && typeof y === "number" ? { x, y } : null;
}

function plain(document: Document): Record<string, unknown> | null {
  try {
    return recordOf(document.toJS() ?? {});
  } catch {
    return null; // an alias that leads nowhere, or too many of them
  }
}

export function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
