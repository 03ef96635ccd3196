import type { Edge, Node } from "@xyflow/react";
import type { DefinitionProblem } from "../../../api/types";
import type { Draft } from "../../../model/editing/draft";
import type { Graph } from "../../../model/graph";
import type { Place } from "../../../model/layout";
import graphClasses from "../../execution/graph/Graph.module.css";
import type { Told } from "../../execution/graph/useGraphWords";
import classes from "../Editor.module.css";
import type { EditNodeData } from "./EditNode";

const ROOM = 24;

/** The nodes of a draft where they were dragged to, else where the layout has them. */
export function drawnNodes(
  graph: Graph,
  draft: Draft,
  places: ReadonlyMap<string, Place>,
  marks: ReadonlyMap<string, readonly DefinitionProblem[]>,
  selected: ReadonlySet<string>,
  told: Told,
): Node<EditNodeData>[] {
  const sizes = boxes(graph, draft, places);
  return graph.nodes.flatMap((node) => {
    const place = places.get(node.key);
    if (!place) return [];
    const hasParent = node.parent !== null && places.has(node.parent);
    const { x, y } = draft.byKey.get(node.key)?.position ?? place;
    return [
      {
        id: node.key,
        type: "step",
        position: { x, y },
        ...(sizes.get(node.key) ?? { width: place.width, height: place.height }),
        selected: selected.has(node.key),
        ...told.node,
        ...(hasParent && node.parent ? { parentId: node.parent } : {}),
        data: {
          node,
          status: node.status,
          isWrong: (marks.get(node.key)?.length ?? 0) > 0,
          says: marks.get(node.key)?.[0]?.message ?? null,
        },
      },
    ];
  });
}

/** How large the boxes of loops are: so that all of their bodies lie within. */
function boxes(graph: Graph, draft: Draft, places: ReadonlyMap<string, Place>) {
  const sizes = new Map<string, { width: number; height: number }>();
  for (const node of [...graph.nodes].reverse()) {
    const place = places.get(node.key);
    if (!place) continue;
    const own = sizes.get(node.key) ?? { width: place.width, height: place.height };
    sizes.set(node.key, own);
    if (node.parent === null) continue;
    const box = places.get(node.parent);
    if (!box) continue;
    const around = sizes.get(node.parent) ?? { width: box.width, height: box.height };
    const at = draft.byKey.get(node.key)?.position ?? place;
    sizes.set(node.parent, {
      width: Math.max(around.width, at.x + own.width + ROOM),
      height: Math.max(around.height, at.y + own.height + ROOM),
    });
  }
  return sizes;
}

export function drawnEdges(
  graph: Graph,
  cycles: ReadonlySet<string>,
  chosen: string | null,
  told: Told,
): Edge[] {
  return graph.edges.map((edge) => ({
    ...told.edge(edge),
    selected: edge.id === chosen,
    className: (cycles.has(edge.id) ? classes.edgeWrong : graphClasses.edge) ?? "",
  }));
}
