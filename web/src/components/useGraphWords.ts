import type { AriaLabelConfig, Edge, Node } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { GraphEdge } from "../model/graph";

/** What is told of nodes and of edges to those who do not see them. */
export interface Told {
  node: Pick<Node, "domAttributes">;
  edge: (edge: GraphEdge) => Pick<Edge, "ariaLabel" | "domAttributes">;
}

/** What the graph's canvas says of itself, in the language; `canEdit` where nodes can be changed. */
export function useGraphWords(canEdit: boolean): Partial<AriaLabelConfig> {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      "node.a11yDescription.default": t(canEdit ? "canvas.node.edit" : "canvas.node.read"),
      "node.a11yDescription.keyboardDisabled": t(canEdit ? "canvas.node.edit" : "canvas.node.read"),
      "node.a11yDescription.ariaLiveMessage": ({ x, y }) =>
        t("canvas.moved", { x: Math.round(x), y: Math.round(y) }),
      "edge.a11yDescription.default": t("canvas.edge"),
      "controls.ariaLabel": t("canvas.controls"),
      "controls.zoomIn.ariaLabel": t("canvas.zoomIn"),
      "controls.zoomOut.ariaLabel": t("canvas.zoomOut"),
      "controls.fitView.ariaLabel": t("canvas.fit"),
      "minimap.ariaLabel": t("graph.map"),
      "handle.ariaLabel": t("canvas.handle"),
    }),
    [t, canEdit],
  );
}

/** What is told of nodes and edges, in the language. */
export function useTold(): Told {
  const { t } = useTranslation();
  return useMemo(
    () => ({
      node: { domAttributes: { "aria-roledescription": t("node.title") } },
      edge: ({ from, to, outcome }) => ({
        ariaLabel: t("canvas.edgeLabel", { from, to, outcome }),
        domAttributes: { "aria-roledescription": t("canvas.edgeTitle") },
      }),
    }),
    [t],
  );
}
