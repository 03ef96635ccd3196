import type { Graph, GraphNode } from "./graph";
import { NODE_HEIGHT, NODE_WIDTH, type Place } from "./layout";

const BETWEEN_LAYERS = 64;
const BETWEEN_NODES = 22;
const HEAD = 70;
const PADDING = 16;
const SWEEPS = 4;

interface Size {
  width: number;
  height: number;
}

/**
 * Where to draw a graph that is too large for a careful layout: each node one layer behind the last
 * one it needs, and as near to those as the others let it. In time linear in nodes and edges, but
 * for sorting; nodes on a cycle stand where they are first met.
 */
export function placesInLayers(graph: Graph): Map<string, Place> {
  const shown = new Map(graph.nodes.map((node) => [node.key, node]));
  const scopes = new Map<string | null, GraphNode[]>();
  for (const node of graph.nodes) {
    const parent = node.parent !== null && shown.has(node.parent) ? node.parent : null;
    const scope = scopes.get(parent);
    if (scope) scope.push(node);
    else scopes.set(parent, [node]);
  }
  const needed = new Map<string, string[]>();
  const needing = new Map<string, string[]>();
  for (const { from, to } of graph.edges) {
    if (from === to || shown.get(from)?.parent !== shown.get(to)?.parent) continue;
    append(needed, to, from);
    append(needing, from, to);
  }
  const places = new Map<string, Place>();
  const lay = (parent: string | null): Size => {
    const nodes = scopes.get(parent) ?? [];
    const sizes = new Map(
      nodes.map((node) => {
        const usual = { width: NODE_WIDTH, height: NODE_HEIGHT };
        return [node.key, scopes.has(node.key) ? lay(node.key) : usual];
      }),
    );
    const layers = ordered(layersOf(nodes, needed, needing), needed, needing);
    return placed(layers, sizes, parent === null ? 0 : PADDING, parent === null ? 0 : HEAD, places);
  };
  lay(null);
  return places;
}

function layersOf(
  nodes: readonly GraphNode[],
  needed: ReadonlyMap<string, readonly string[]>,
  needing: ReadonlyMap<string, readonly string[]>,
): string[][] {
  const open = new Map(nodes.map(({ key }) => [key, needed.get(key)?.length ?? 0]));
  const depth = new Map<string, number>();
  const ready = nodes.filter(({ key }) => open.get(key) === 0).map(({ key }) => key);
  const visit = (key: string) => {
    const own = depth.get(key) ?? 0;
    depth.set(key, own);
    for (const next of needing.get(key) ?? []) {
      const left = (open.get(next) ?? 0) - 1;
      open.set(next, left);
      depth.set(next, Math.max(depth.get(next) ?? 0, own + 1));
      if (left === 0) ready.push(next);
    }
  };
  for (let at = 0; at < ready.length; at += 1) visit(ready[at] ?? "");
  const layers: string[][] = [];
  for (const { key } of nodes) {
    const layer = depth.get(key) ?? 0;
    while (layers.length <= layer) layers.push([]);
    layers[layer]?.push(key);
  }
  return layers.filter((layer) => layer.length > 0);
}

/** The layers with what is joined brought together: to and fro, by the mean of the neighbours. */
function ordered(
  layers: readonly string[][],
  needed: ReadonlyMap<string, readonly string[]>,
  needing: ReadonlyMap<string, readonly string[]>,
): string[][] {
  const rank = new Map<string, number>();
  const note = (layer: readonly string[]) => {
    layer.forEach((key, index) => {
      rank.set(key, layer.length === 1 ? 0.5 : index / (layer.length - 1));
    });
  };
  const now = layers.map((layer) => [...layer]);
  now.forEach(note);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1) {
    const isForward = sweep % 2 === 0;
    const neighbours = isForward ? needed : needing;
    for (const layer of isForward ? now : now.toReversed()) {
      const wish = new Map(layer.map((key) => [key, meanRank(neighbours.get(key), rank, key)]));
      layer.sort((one, other) => (wish.get(one) ?? 0) - (wish.get(other) ?? 0));
      note(layer);
    }
  }
  return now;
}

function meanRank(
  keys: readonly string[] | undefined,
  rank: ReadonlyMap<string, number>,
  own: string,
): number {
  if (!keys || keys.length === 0) return rank.get(own) ?? 0;
  return keys.reduce((sum, key) => sum + (rank.get(key) ?? 0), 0) / keys.length;
}

function placed(
  layers: readonly string[][],
  sizes: ReadonlyMap<string, Size>,
  left: number,
  top: number,
  places: Map<string, Place>,
): Size {
  const size = (key: string): Size => sizes.get(key) ?? { width: 0, height: 0 };
  const heights = layers.map(
    (layer) =>
      layer.reduce((sum, key) => sum + size(key).height, 0) + (layer.length - 1) * BETWEEN_NODES,
  );
  const tallest = Math.max(0, ...heights);
  let x = left;
  layers.forEach((layer, index) => {
    let y = top + (tallest - (heights[index] ?? 0)) / 2;
    for (const key of layer) {
      places.set(key, { x, y, ...size(key) });
      y += size(key).height + BETWEEN_NODES;
    }
    x += Math.max(...layer.map((key) => size(key).width)) + BETWEEN_LAYERS;
  });
  return { width: x - BETWEEN_LAYERS + PADDING, height: top + tallest + PADDING };
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
