import type { Graph, GraphNode } from "./graph";

export const NODE_WIDTH = 212;
export const NODE_HEIGHT = 58;
const BODY_PADDING = "[top=70,left=16,bottom=16,right=16]";

/** What the layouter takes and answers: boxes in boxes, and what joins them. */
export interface Box {
  id: string;
  width?: number;
  height?: number;
  x?: number;
  y?: number;
  children?: Box[];
  layoutOptions?: Record<string, string>;
}

export interface LayoutInput extends Box {
  children: Box[];
  edges: { id: string; sources: string[]; targets: string[] }[];
}

export interface Place {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** The layouter's input: layers from left to right, bodies of loops within their loop's box. */
export function layoutInput(graph: Graph): LayoutInput {
  const within = new Map<string | null, GraphNode[]>();
  const shown = new Set(graph.nodes.map((each) => each.key));
  for (const node of graph.nodes) {
    const parent = node.parent !== null && shown.has(node.parent) ? node.parent : null;
    const siblings = within.get(parent);
    if (siblings) siblings.push(node);
    else within.set(parent, [node]);
  }
  const boxes = (parent: string | null): Box[] =>
    (within.get(parent) ?? []).map((node) => {
      const children = boxes(node.key);
      return children.length === 0
        ? { id: node.key, width: NODE_WIDTH, height: NODE_HEIGHT }
        : { id: node.key, children, layoutOptions: { "elk.padding": BODY_PADDING } };
    });
  return {
    id: "graph",
    layoutOptions: {
      "elk.algorithm": "layered",
      "elk.direction": "RIGHT",
      "elk.hierarchyHandling": "INCLUDE_CHILDREN",
      "elk.layered.spacing.nodeNodeBetweenLayers": "64",
      "elk.spacing.nodeNode": "22",
      "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
      "elk.layered.considerModelOrder.strategy": "NODES_AND_EDGES",
    },
    children: boxes(null),
    edges: graph.edges.map((each) => ({ id: each.id, sources: [each.from], targets: [each.to] })),
  };
}

/** Where each box came to lie, relative to the box around it. */
export function placesOf(laidOut: Box): Map<string, Place> {
  const places = new Map<string, Place>();
  const visit = (box: Box): void => {
    for (const child of box.children ?? []) {
      places.set(child.id, {
        x: child.x ?? 0,
        y: child.y ?? 0,
        width: child.width ?? NODE_WIDTH,
        height: child.height ?? NODE_HEIGHT,
      });
      visit(child);
    }
  };
  visit(laidOut);
  return places;
}

/** What names the shape of a graph: while it stays, so does its layout. */
export function shapeOf(graph: Graph): string {
  return JSON.stringify([
    graph.nodes.map((each) => each.key),
    graph.edges.map((each) => [each.from, each.to]),
  ]);
}
