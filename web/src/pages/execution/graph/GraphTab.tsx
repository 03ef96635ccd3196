import "@xyflow/react/dist/base.css";
import { Button, Checkbox, Group, useComputedColorScheme } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  Background,
  Controls,
  getViewportForBounds,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from "@xyflow/react";
import { type MouseEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NodeSummary } from "../../../api/types";
import { EmptyState, Loading, StaleBanner } from "../../../components/States";
import { connectedTo, folded, type Graph } from "../../../model/graph";
import { type Place, shapeOf } from "../../../model/layout";
import { boundsOf, MOST_DRAWN, nodeAt, overviewOf, READABLE_ZOOM } from "../../../model/overview";
import { drawnEdges, drawnNodes } from "./drawing";
import { FarGraph } from "./FarGraph";
import classes from "./Graph.module.css";
import { GraphMap } from "./GraphMap";
import { layOut } from "./layoutWorker";
import { coloursOfTheme, pictureOf } from "./painting";
import { StepNode } from "./StepNode";
import { useGraphWords, useTold } from "./useGraphWords";

const NODE_TYPES = { step: StepNode };
/** With more nodes the bodies of loops start folded. */
const MOST_UNFOLDED = 500;
const FURTHEST_ZOOM = 0.01;
const MARGIN = 0.15;
const MOVING_MS = 300;
const NO_PLACES: ReadonlyMap<string, Place> = new Map();

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
  const words = useGraphWords(false);
  const told = useTold();
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
  const places = layout.data ?? NO_PLACES;
  const chosenKey = nodes.find((each) => each.id === chosen)?.node ?? null;
  const lit = useMemo(() => (around === null ? null : connectedTo(graph, around)), [graph, around]);
  const overview = useMemo(() => overviewOf(shown, places), [shown, places]);
  const { show, isPlaced } = useView(overview.bounds);
  const isFar =
    useStore((state) => state.transform[2] < READABLE_ZOOM || !isPlaced) &&
    shown.nodes.length > MOST_DRAWN;
  const drawn = useMemo(() => {
    if (isFar) return [];
    const toggle = (key: string) =>
      setOpen((now) => {
        const next = new Set(now);
        if (!next.delete(key)) next.add(key);
        return next;
      });
    return drawnNodes(shown, places, { open, chosenKey, lit, toggle }, told);
  }, [isFar, shown, places, open, chosenKey, lit, told]);
  const edges = useMemo(
    () => (isFar ? [] : drawnEdges(shown, lit, told)),
    [isFar, shown, lit, told],
  );
  const picture = useMemo(() => pictureOf(overview, lit, chosenKey), [overview, lit, chosenKey]);
  const fineness = window.devicePixelRatio;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the theme's colours change with it
  const colours = useMemo(coloursOfTheme, [scheme]);
  const watched = shown.nodes.filter((each) => each.status === "running").map((each) => each.key);
  const watchedKeys = watched.join("\n");
  // biome-ignore lint/correctness/useExhaustiveDependencies: moved when others run, not when seen anew
  useEffect(() => {
    if (!isFollowing || watchedKeys === "") return;
    const keys = new Set(watchedKeys.split("\n"));
    show(boundsOf(overview.nodes.filter((each) => keys.has(each.key))), MOVING_MS);
  }, [isFollowing, watchedKeys]);
  if (!layout.data) {
    return layout.error ? (
      <StaleBanner error={layout.error} readAt={null} onRetry={() => void layout.refetch()} />
    ) : (
      <Loading />
    );
  }
  const choose = (key: string) => {
    const latest = graph.nodes.find((each) => each.key === key)?.latest;
    if (latest) onChoose(latest);
  };
  const under = (event: MouseEvent) => {
    if (!isFar) return null;
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    return nodeAt(overview, x, y);
  };
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
        ariaLabelConfig={words}
        minZoom={FURTHEST_ZOOM}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        onNodeClick={(_, node) => choose(node.id)}
        onNodeDoubleClick={(_, node) => setAround(node.id)}
        onPaneClick={(event) => {
          const hit = under(event);
          if (hit) return choose(hit.key);
          setAround(null);
          onChoose(null);
        }}
        onPaneMouseMove={(event) => {
          if (event.target instanceof HTMLElement) event.target.title = under(event)?.label ?? "";
        }}
        onDoubleClick={(event) => {
          const hit = under(event);
          if (hit) setAround(hit.key);
        }}
      >
        <Background gap={24} />
        {isFar ? (
          <FarGraph
            picture={picture}
            count={overview.nodes.length}
            colours={colours}
            fineness={fineness}
          />
        ) : null}
        <Controls showInteractive={false} onFitView={() => show(overview.bounds)} />
        <GraphMap
          picture={picture}
          bounds={overview.bounds}
          colours={colours}
          fineness={fineness}
        />
      </ReactFlow>
    </div>
  );
}

/** Brings parts of the layout into view; the whole of it once there is room and a layout. */
function useView(bounds: Place) {
  const flow = useReactFlow();
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const [isPlaced, setIsPlaced] = useState(false);
  const show = (part: Place, duration = 0) => {
    const viewport = getViewportForBounds(part, width, height, FURTHEST_ZOOM, 1, MARGIN);
    void flow.setViewport(viewport, { duration });
  };
  const latest = useRef(show);
  latest.current = show;
  const isReady = width > 0 && height > 0 && bounds.width > 0;
  useEffect(() => {
    if (!isReady || isPlaced) return;
    latest.current(bounds);
    setIsPlaced(true);
  }, [isReady, isPlaced, bounds]);
  return { show, isPlaced };
}
