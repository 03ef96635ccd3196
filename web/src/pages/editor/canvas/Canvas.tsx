import "@xyflow/react/dist/base.css";
import { useComputedColorScheme } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import {
  applyNodeChanges,
  Background,
  Controls,
  type Edge,
  MarkerType,
  MiniMap,
  type Node,
  type NodeChange,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
} from "@xyflow/react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DefinitionProblem } from "../../../api/types";
import { parentOf } from "../../../model/editing/documents";
import type { Draft } from "../../../model/editing/draft";
import { addNode, connect, disconnect, moveNodes, removeNodes } from "../../../model/editing/edits";
import { nextOutcome } from "../../../model/editing/outcomes";
import type { Graph } from "../../../model/graph";
import { shapeOf } from "../../../model/layout";
import graphClasses from "../../execution/graph/Graph.module.css";
import { layOut } from "../../execution/graph/layoutWorker";
import { useGraphWords, useTold } from "../../execution/graph/useGraphWords";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";
import type { NodeTypes } from "../useNodeTypes";
import { drawnEdges, drawnNodes } from "./drawing";
import { EditNode, type EditNodeData } from "./EditNode";
import { DRAGGED_TYPE, TypePalette } from "./TypePalette";
import { useClipboard } from "./useClipboard";

const NODE_TYPES = { step: EditNode };
/** Beside the palette of node types, or below it where there is no room beside. */
const FIT = { maxZoom: 1, padding: { x: 0.1, y: 0.15, left: "216px" } } as const;
const NARROW_FIT = { maxZoom: 1, padding: { x: 0.05, bottom: 0.1, top: "140px" } } as const;

interface CanvasProps {
  graph: Graph;
  draft: Draft;
  types: NodeTypes;
  marks: ReadonlyMap<string, readonly DefinitionProblem[]>;
  cycles: ReadonlySet<string>;
  chosen: string | null;
  chosenEdge: string | null;
  /** Whether nothing can be changed on it now. */
  isFixed: boolean;
  onChoose: (node: string | null) => void;
  onChooseEdge: (edge: string | null) => void;
  onEdit: Edit;
}

/** The graph to be drawn: nodes added, dragged, joined and removed, coloured by a run. */
export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <CanvasView {...props} />
    </ReactFlowProvider>
  );
}

function CanvasView(props: CanvasProps) {
  const { graph, draft, types, marks, cycles, chosen, chosenEdge, isFixed } = props;
  const { onChoose, onChooseEdge, onEdit } = props;
  const { t } = useTranslation();
  const scheme = useComputedColorScheme("light");
  const flow = useReactFlow();
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const graphWords = useGraphWords(!isFixed);
  const told = useTold();
  const choose = useRef(onChoose);
  choose.current = onChoose;
  const shape = useMemo(() => shapeOf(graph), [graph]);
  const layout = useQuery({
    queryKey: ["layout", shape],
    queryFn: () => layOut(graph),
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    enabled: graph.nodes.length > 0,
  });
  const [nodes, setNodes] = useState<Node<EditNodeData>[]>([]);
  const places = layout.data;
  useEffect(() => {
    setNodes((now) => {
      const isSelected = new Set(now.filter((each) => each.selected).map((each) => each.id));
      if (chosen !== null && !isSelected.has(chosen)) isSelected.clear();
      if (chosen !== null) isSelected.add(chosen);
      return drawnNodes(graph, draft, places ?? new Map(), marks, isSelected, told);
    });
  }, [graph, draft, places, marks, chosen, told]);
  const edges = useMemo(
    () => drawnEdges(graph, cycles, chosenEdge, told),
    [graph, cycles, chosenEdge, told],
  );
  const selected = useMemo(
    () => new Set(nodes.filter((each) => each.selected).map((each) => each.id)),
    [nodes],
  );
  const change = useCallback((changes: NodeChange<Node<EditNodeData>>[]) => {
    setNodes((now) => applyNodeChanges(changes, now));
    const picked = changes.filter((each) => each.type === "select" && each.selected);
    const only = picked.length === 1 ? picked[0] : null;
    if (only?.type === "select") choose.current(only.id);
  }, []);
  const frame = useRef<HTMLElement>(null);
  const fit = isNarrow ? NARROW_FIT : FIT;
  const isMoved = useRef(false);
  // A new layout is shown whole, until somebody has chosen what to look at.
  useEffect(() => {
    if (!places || isMoved.current) return undefined;
    const later = requestAnimationFrame(() => void flow.fitView(fit));
    return () => cancelAnimationFrame(later);
  }, [places, flow, fit]);
  // What was added, or chosen by a problem's link, is brought into view once it has its place.
  useEffect(() => {
    if (chosen === null || !places) return undefined;
    const later = requestAnimationFrame(() => {
      if (!isInView(flow, chosen, frame.current)) void flow.fitView(fit);
    });
    return () => cancelAnimationFrame(later);
  }, [chosen, places, flow, fit]);
  const add = (type: string, at: { x: number; y: number } | null) => {
    const after = at === null && chosen !== null ? (draft.byKey.get(chosen) ?? null) : null;
    const loop = at === null ? (chosen === null ? null : parentOf(chosen)) : loopAt(flow, at);
    const needs = after ? [{ node: after.name, outcome: outcomeFrom(after.key) }] : [];
    const position = at === null ? null : positionIn(flow, at, loop);
    const made = { type, loop, needs, position, hasBody: types.get(type)?.has_body ?? false };
    let key: string | null = null;
    onEdit((text) => {
      const added = addNode(text, made);
      key = added.key;
      return added.text;
    });
    if (key !== null) onChoose(key);
  };
  const outcomeFrom = (from: string) => {
    const taken = graph.edges.filter((each) => each.from === from).map((each) => each.outcome);
    return nextOutcome(draft.byKey.get(from), new Set(taken));
  };
  const remove = (gone: ReadonlySet<string>) => {
    if (isFixed || gone.size === 0) return;
    onEdit((text) => removeNodes(text, gone));
    onChoose(null);
  };
  useClipboard({ draft, selected, isFixed, onEdit, onRemove: remove });
  return (
    <section
      ref={frame}
      className={`${graphClasses.graph} ${classes.canvas}`}
      aria-label={t("editor.canvas")}
      onDragOver={(event) => {
        if (!isFixed && event.dataTransfer.types.includes(DRAGGED_TYPE)) event.preventDefault();
      }}
      onDrop={(event) => {
        const type = event.dataTransfer.getData(DRAGGED_TYPE);
        if (isFixed || type === "") return;
        event.preventDefault();
        add(type, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
      }}
    >
      <TypePalette
        types={types}
        isFixed={isFixed}
        onAdd={(type) => add(type, null)}
        onEdit={onEdit}
      />
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={scheme}
        ariaLabelConfig={graphWords}
        fitView
        fitViewOptions={fit}
        key={places ? "laid-out" : "waiting"}
        minZoom={0.05}
        nodesDraggable={!isFixed}
        nodesConnectable={!isFixed}
        deleteKeyCode={isFixed ? null : ["Delete", "Backspace"]}
        onlyRenderVisibleElements
        zoomOnDoubleClick={false}
        onMove={(event) => {
          if (event !== null) isMoved.current = true;
        }}
        onNodesChange={change}
        onNodeClick={(_, node) => onChoose(node.id)}
        onEdgeClick={(_, edge) => onChooseEdge(edge.id)}
        onPaneClick={() => {
          onChoose(null);
          onChooseEdge(null);
        }}
        onConnect={({ source, target }) => {
          const outcome = outcomeFrom(source);
          onEdit((text) => connect(text, source, target, outcome));
        }}
        isValidConnection={({ source, target }) =>
          source !== target && parentOf(source) === parentOf(target)
        }
        onNodeDragStop={(_, __, dragged) => {
          const moved = new Map(dragged.map((each) => [each.id, each.position]));
          onEdit((text) => moveNodes(text, moved));
        }}
        onNodesDelete={(gone) => remove(new Set(gone.map((each) => each.id)))}
        onEdgesDelete={(gone) => {
          const ids = new Set(gone.map((each: Edge) => each.id));
          const between = graph.edges.filter((each) => ids.has(each.id));
          // Those of removed nodes go with them.
          const left = between.filter((each) => !selected.has(each.from) && !selected.has(each.to));
          if (left.length > 0) onEdit((text) => disconnect(text, left));
          onChooseEdge(null);
        }}
        defaultEdgeOptions={{ markerEnd: { type: MarkerType.ArrowClosed } }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} />
        <MiniMap pannable zoomable ariaLabel={t("graph.map")} nodeColor={minimapColour} />
      </ReactFlow>
    </section>
  );
}

function minimapColour(node: Node): string {
  const { status, isWrong } = node.data as EditNodeData;
  if (isWrong) return "var(--status-failed)";
  return status === null ? "var(--line-strong)" : `var(--status-${status})`;
}

type Flow = ReturnType<typeof useReactFlow>;

/** Whether the middle of a node can be seen; one that is not there need not be. */
function isInView(flow: Flow, key: string, frame: HTMLElement | null): boolean {
  const node = flow.getInternalNode(key);
  const box = frame?.getBoundingClientRect();
  if (!node || !box) return true;
  const { x, y } = node.internals.positionAbsolute;
  const middle = { x: x + (node.width ?? 0) / 2, y: y + (node.height ?? 0) / 2 };
  const at = flow.flowToScreenPosition(middle);
  return at.x > box.left && at.x < box.right && at.y > box.top && at.y < box.bottom;
}

/** The innermost loop whose box lies under a point of the canvas. */
function loopAt(flow: Flow, at: { x: number; y: number }): string | null {
  const under = flow
    .getIntersectingNodes({ x: at.x, y: at.y, width: 1, height: 1 })
    .filter((each) => (each.data as EditNodeData).node.hasBody)
    .map((each) => each.id);
  return under.sort((one, other) => other.length - one.length)[0] ?? null;
}

function positionIn(flow: Flow, at: { x: number; y: number }, loop: string | null) {
  const box = loop === null ? null : flow.getInternalNode(loop)?.internals.positionAbsolute;
  return { x: at.x - (box?.x ?? 0), y: at.y - (box?.y ?? 0) };
}
