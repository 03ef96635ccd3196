import "@xyflow/react/dist/base.css";
import { Button, Checkbox, Group, useComputedColorScheme } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  Background,
  Controls,
  type Edge,
  MarkerType,
  MiniMap,
  type Node,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NodeSummary } from "../../../api/types";
import { EmptyState, Loading, StaleBanner } from "../../../components/States";
import { connectedTo, folded, type Graph } from "../../../model/graph";
import { type Place, shapeOf } from "../../../model/layout";
import classes from "./Graph.module.css";
import { layOut } from "./layoutWorker";
import { type GraphNodeData, StepNode } from "./StepNode";

const NODE_TYPES = { step: StepNode };
/** With more nodes the bodies of loops start folded. */
const MOST_UNFOLDED = 500;

interface GraphProps {
  graph: Graph;
  nodes: readonly NodeSummary[];
  chosen: string | null;
  onChoose: (node: string | null) => void;
}

/** The graph of an execution in the colours of what became of its nodes. */
export default function GraphTab(props: GraphProps) {
  const { t } = useTranslation();
  if (props.graph.nodes.length === 0) return <EmptyState title={t("graph.none")} />;
  return (
    <ReactFlowProvider>
      <GraphView {...props} />
    </ReactFlowProvider>
  );
}

function GraphView({ graph, nodes, chosen, onChoose }: GraphProps) {
  const { t } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const flow = useReactFlow();
  const [open, setOpen] = useState<ReadonlySet<string>>(() =>
    graph.nodes.length > MOST_UNFOLDED
      ? new Set()
      : new Set(graph.nodes.filter((each) => each.hasBody).map((each) => each.key)),
  );
  const [around, setAround] = useState<string | null>(null);
  const [isFollowing, setIsFollowing] = useState(false);
  const shown = useMemo(() => folded(graph, open), [graph, open]);
  const shape = useMemo(() => shapeOf(shown), [shown]);
  const layout = useQuery({
    queryKey: ["layout", shape],
    queryFn: () => layOut(shown),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  const chosenKey = nodes.find((each) => each.id === chosen)?.node ?? null;
  const lit = useMemo(() => (around === null ? null : connectedTo(graph, around)), [graph, around]);
  const drawn = useMemo(() => {
    const toggle = (key: string) =>
      setOpen((now) => {
        const next = new Set(now);
        if (!next.delete(key)) next.add(key);
        return next;
      });
    return drawnNodes(shown, layout.data ?? new Map(), { open, chosenKey, lit, toggle });
  }, [shown, layout.data, open, chosenKey, lit]);
  const edges = useMemo(() => {
    const words = { failure: t("graph.failure"), always: t("graph.always") };
    return drawnEdges(shown, lit, words);
  }, [shown, lit, t]);
  const running = shown.nodes.filter((each) => each.status === "running").map((each) => each.key);
  const watched = running.join();
  useEffect(() => {
    if (!isFollowing || watched === "") return;
    void flow.fitView({
      nodes: watched.split(",").map((id) => ({ id })),
      maxZoom: 1,
      duration: 300,
    });
  }, [flow, isFollowing, watched]);
  if (!layout.data) {
    return layout.error ? (
      <StaleBanner error={layout.error} readAt={null} onRetry={() => void layout.refetch()} />
    ) : (
      <Loading />
    );
  }
  return (
    <div className={classes.graph}>
      <Group className={classes.bar} gap="md">
        <Checkbox
          size="xs"
          label={t("graph.follow")}
          checked={isFollowing}
          onChange={(event) => setIsFollowing(event.currentTarget.checked)}
        />
        {around === null ? (
          <span className="dim">{t("graph.hint")}</span>
        ) : (
          <Button size="compact-xs" variant="default" onClick={() => setAround(null)}>
            {t("graph.showAll")}
          </Button>
        )}
      </Group>
      <ReactFlow
        nodes={drawn}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        fitView
        fitViewOptions={{ maxZoom: 1, padding: 0.15 }}
        minZoom={0.05}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        onNodeClick={(_, node) => {
          const latest = graph.nodes.find((each) => each.key === node.id)?.latest;
          if (latest) onChoose(latest);
        }}
        onNodeDoubleClick={(_, node) => setAround(node.id)}
        onPaneClick={() => {
          setAround(null);
          onChoose(null);
        }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} />
        <MiniMap
          pannable
          zoomable
          ariaLabel={t("graph.map")}
          nodeColor={(node) => {
            const status = (node.data as GraphNodeData).node.status;
            return status === null ? "var(--line-strong)" : `var(--status-${status})`;
          }}
        />
      </ReactFlow>
    </div>
  );
}

interface Drawing {
  open: ReadonlySet<string>;
  chosenKey: string | null;
  lit: ReadonlySet<string> | null;
  toggle: (key: string) => void;
}

function drawnNodes(graph: Graph, places: Map<string, Place>, how: Drawing): Node<GraphNodeData>[] {
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

const MEANT = "success";

function drawnEdges(
  graph: Graph,
  lit: ReadonlySet<string> | null,
  known: Readonly<Record<string, string>>,
): Edge[] {
  return graph.edges.map((edge) => ({
    id: edge.id,
    source: edge.from,
    target: edge.to,
    ...(edge.outcome === MEANT ? {} : { label: known[edge.outcome] ?? edge.outcome }),
    className:
      (lit && !(lit.has(edge.from) && lit.has(edge.to)) ? classes.edgeDim : classes.edge) ?? "",
    markerEnd: { type: MarkerType.ArrowClosed },
    zIndex: 1,
  }));
}
