import type { Graph } from "./graph";
import type { Place } from "./layout";
import type { Status } from "./status";

/** A node as it is seen from far: a coloured box at a place of its own. */
export interface FarNode extends Place {
  key: string;
  label: string;
  status: Status | null;
  /** Whether it lies open around others. */
  isAround: boolean;
}

/** What joins two nodes, from the right of one to the left of the other. */
export interface FarEdge {
  from: string;
  to: string;
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** A graph as it is seen from far, in the coordinates of its layout. */
export interface Overview {
  /** Those around others come before what lies in them. */
  nodes: readonly FarNode[];
  edges: readonly FarEdge[];
  bounds: Place;
}

/** Smaller than this nothing can be read in a node. */
export const READABLE_ZOOM = 0.3;

/** So many nodes are drawn one by one at any zoom. */
export const MOST_DRAWN = 300;

/** The nodes and edges of a laid out graph; places in a loop's body are relative to the loop. */
export function overviewOf(graph: Graph, places: ReadonlyMap<string, Place>): Overview {
  const parents = new Map(graph.nodes.map((node) => [node.key, node.parent]));
  const around = new Set(graph.nodes.map((node) => node.parent));
  const known = new Map<string, Place>();
  const absolute = (key: string): Place | null => {
    const seen = known.get(key);
    if (seen) return seen;
    const own = places.get(key);
    if (!own) return null;
    const parent = parents.get(key) ?? null;
    const outer = parent === null ? null : absolute(parent);
    const place = outer ? { ...own, x: own.x + outer.x, y: own.y + outer.y } : own;
    known.set(key, place);
    return place;
  };
  const nodes = graph.nodes.flatMap(({ key, label, status }) => {
    const place = absolute(key);
    return place ? [{ ...place, key, label, status, isAround: around.has(key) }] : [];
  });
  nodes.sort((one, other) => other.width * other.height - one.width * one.height);
  const edges = graph.edges.flatMap(({ from, to }) => {
    const [one, other] = [known.get(from), known.get(to)];
    if (!one || !other) return [];
    const [y1, y2] = [one.y + one.height / 2, other.y + other.height / 2];
    return [{ from, to, x1: one.x + one.width, y1, x2: other.x, y2 }];
  });
  return { nodes, edges, bounds: boundsOf(nodes) };
}

/** The innermost node at a point of the layout. */
export function nodeAt(overview: Overview, x: number, y: number): FarNode | null {
  const hit = overview.nodes.findLast(
    (each) => x >= each.x && x <= each.x + each.width && y >= each.y && y <= each.y + each.height,
  );
  return hit ?? null;
}

/** The smallest box around them all; an empty one around none. */
export function boundsOf(nodes: readonly Place[]): Place {
  if (nodes.length === 0) return { x: 0, y: 0, width: 0, height: 0 };
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const each of nodes) {
    left = Math.min(left, each.x);
    top = Math.min(top, each.y);
    right = Math.max(right, each.x + each.width);
    bottom = Math.max(bottom, each.y + each.height);
  }
  return { x: left, y: top, width: right - left, height: bottom - top };
}
