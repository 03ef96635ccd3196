import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { useTranslation } from "react-i18next";
import { StatusCounts, StatusIcon } from "../../../components/Status";
import type { GraphNode } from "../../../model/graph";
import type { Status } from "../../../model/status";
import graphClasses from "../../execution/graph/Graph.module.css";
import classes from "../Editor.module.css";

export interface EditNodeData extends Record<string, unknown> {
  node: GraphNode;
  status: Status | null;
  isWrong: boolean;
  says: string | null;
}

/** One node on the canvas: its name, its type, what is wrong with it, how it fares in a run. */
export function EditNode({ data, selected, isConnectable }: NodeProps<Node<EditNodeData>>) {
  const { t } = useTranslation();
  const { node, status, isWrong, says } = data;
  const total = [...node.counts.values()].reduce((sum, count) => sum + count, 0);
  return (
    <div
      className={`${graphClasses.step} ${classes.node}`}
      data-status={status ?? undefined}
      data-chosen={selected}
      data-open={node.hasBody}
      data-wrong={isWrong}
    >
      <Handle type="target" position={Position.Left} isConnectable={isConnectable} />
      <div className={graphClasses.stepHead}>
        {isWrong ? (
          <span
            className={classes.wrong}
            role="img"
            title={says ?? ""}
            aria-label={says ?? t("editor.problems")}
          >
            <IconAlertTriangleFilled size={18} />
          </span>
        ) : status ? (
          <StatusIcon status={status} size={18} />
        ) : null}
        <div className={graphClasses.stepWords}>
          <div className={`cut ${graphClasses.stepName}`} title={node.key}>
            {node.label}
          </div>
          <div className={graphClasses.stepType}>
            {total > 1 ? <StatusCounts counts={node.counts} /> : node.type}
          </div>
        </div>
      </div>
      <Handle type="source" position={Position.Right} isConnectable={isConnectable} />
    </div>
  );
}
