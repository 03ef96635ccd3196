import { ActionIcon } from "@mantine/core";
import { IconMinus, IconPlus } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { StatusCounts, StatusIcon } from "../../../components/Status";
import type { GraphNode } from "../../../model/graph";
import classes from "./Graph.module.css";

export interface GraphNodeData extends Record<string, unknown> {
  node: GraphNode;
  isOpen: boolean;
  isChosen: boolean;
  isDim: boolean;
  onToggle: (() => void) | null;
}

/** One step of a graph: its name, its type, and how its node executions stand. */
export function StepNode({ data }: NodeProps<Node<GraphNodeData>>) {
  const { t } = useTranslation();
  const { node, isOpen, isChosen, isDim, onToggle } = data;
  const total = [...node.counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <div
      className={classes.step}
      data-status={node.status ?? undefined}
      data-chosen={isChosen}
      data-dim={isDim}
      data-open={isOpen}
    >
      <Handle type="target" position={Position.Left} isConnectable={false} />
      <div className={classes.stepHead}>
        {node.status === null ? (
          <span className={classes.none} role="img" aria-label={t("graph.notBegun")} />
        ) : (
          <StatusIcon status={node.status} size={18} />
        )}
        <div className={classes.stepWords}>
          <div className={`cut ${classes.stepName}`} title={node.key}>
            {node.label}
          </div>
          <div className={classes.stepType}>
            {total > 1 ? <StatusCounts counts={node.counts} /> : node.type}
          </div>
        </div>
        {onToggle ? (
          <ActionIcon
            size="sm"
            variant="default"
            aria-label={t(isOpen ? "nodes.fold" : "nodes.unfold", { node: node.label })}
            onClick={(event) => {
              event.stopPropagation();
              onToggle();
            }}
          >
            {isOpen ? <IconMinus size={13} /> : <IconPlus size={13} />}
          </ActionIcon>
        ) : null}
      </div>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </div>
  );
}
