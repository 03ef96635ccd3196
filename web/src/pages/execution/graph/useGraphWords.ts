import { type AriaLabelConfig, type Edge, MarkerType, type Node } from "@xyflow/react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { GraphEdge } from "../../../model/graph";

/** What every drawn graph says of its nodes and edges, also to those who do not see them. */
export interface Told {
  node: Pick<Node, "domAttributes">;
  edge: (edge: GraphEdge) => Edge;
}

const MEANT = "success";

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

/** What is told of nodes and edges, in the language; an outcome stands at its edge unless it is success. */
export function useTold(): Told {
  const { t } = useTranslation();
  return useMemo(() => {
    const known: Readonly<Record<string, string>> = {
      failure: t("graph.failure"),
      always: t("graph.always"),
    };
    return {
      node: { domAttributes: { "aria-roledescription": t("node.title") } },
      edge: ({ id, from, to, outcome }) => ({
        id,
        source: from,
        target: to,
        ...(outcome === MEANT ? {} : { label: known[outcome] ?? outcome }),
        ariaLabel: t("canvas.edgeLabel", { from, to, outcome }),
        domAttributes: { "aria-roledescription": t("canvas.edgeTitle") },
        markerEnd: { type: MarkerType.ArrowClosed },
        zIndex: 1,
      }),
    };
  }, [t]);
}
