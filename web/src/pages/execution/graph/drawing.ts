import { type Edge, type Node, Position } from "@xyflow/react";
import type { Graph } from "../../../model/graph";
import type { Place } from "../../../model/layout";
import classes from "./Graph.module.css";
import type { GraphNodeData } from "./StepNode";
import type { Told } from "./useGraphWords";

export interface Drawing {
  open: ReadonlySet<string>;
  chosenKey: string | null;
  lit: ReadonlySet<string> | null;
  toggle: (key: string) => void;
}

/** The nodes of a graph that have a place, loops before what lies in them. */
export function drawnNodes(
  graph: Graph,
  places: ReadonlyMap<string, Place>,
  how: Drawing,
  told: Told,
): Node<GraphNodeData>[] {
  return graph.nodes.flatMap((node) => {
    const place = places.get(node.key);
    if (!place) return [];
    const hasParent = node.parent !== null && places.has(node.parent);
    return [
      {
        id: node.key,
        type: "step",
        position: { x: place.x, y: place.y },
        width: place.width,
        height: place.height,
        handles: handlesOf(place),
        ...told.node,
        ...(hasParent && node.parent ? { parentId: node.parent } : {}),
        data: {
          node,
          isOpen: node.hasBody && how.open.has(node.key),
          isChosen: node.key === how.chosenKey,
          isDim: how.lit !== null && !how.lit.has(node.key),
          onToggle: node.hasBody ? () => how.toggle(node.key) : null,
        },
      },
    ];
  });
}

/** Told, so that nodes out of view need not be drawn once to find them. */
function handlesOf({ width, height }: Place): NonNullable<Node["handles"]> {
  const middle = { y: height / 2, width: 1, height: 1 };
  return [
    { ...middle, type: "target", position: Position.Left, x: 0 },
    { ...middle, type: "source", position: Position.Right, x: width - 1 },
  ];
}

export function drawnEdges(graph: Graph, lit: ReadonlySet<string> | null, told: Told): Edge[] {
  return graph.edges.map((edge) => ({
    ...told.edge(edge),
    className:
      (lit && !(lit.has(edge.from) && lit.has(edge.to)) ? classes.edgeDim : classes.edge) ?? "",
  }));
}
