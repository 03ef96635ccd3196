import { Checkbox, Chip, Group, Text } from "@mantine/core";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExecutionDetail, NodeSummary } from "../../api/types";
import { EmptyState } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { useSearchState } from "../../components/useSearchState";
import { keysAbove, type NodeRow, nodeRows, nodeTree } from "../../model/nodeTree";
import { countByStatus, isStatus, STATUSES, type Status, statusOf } from "../../model/status";
import classes from "./Execution.module.css";
import { NodeTable } from "./NodeTable";

/** Over so many nodes everything starts folded. */
const MOST_UNFOLDED = 60;

/** The node executions as a tree, or of one status as a list; with bars over time if wanted. */
export function NodesTab({
  execution,
  chosen,
  onChoose,
  isTimeline,
}: {
  execution: ExecutionDetail;
  chosen: string | null;
  onChoose: (node: string | null) => void;
  isTimeline: boolean;
}) {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const { nodes } = execution;
  const only = search.only && isStatus(search.only) ? search.only : null;
  const hidesIdle = search.idle === "hidden";
  const tree = useMemo(() => nodeTree(nodes), [nodes]);
  const [open, setOpen] = useState<ReadonlySet<string>>(() =>
    nodes.length <= MOST_UNFOLDED ? new Set(tree.turns.keys()) : new Set(),
  );
  // What is chosen elsewhere is unfolded here.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each choice, not each poll
  useEffect(() => {
    if (chosen === null) return;
    const above = keysAbove(nodes, chosen);
    if (above.length > 0) setOpen((now) => new Set([...now, ...above]));
  }, [chosen]);
  const rows = useMemo(
    () => (only === null ? nodeRows(tree, open) : nodes.filter(in_(only)).map(asRow)),
    [tree, open, only, nodes],
  );
  const counts = useMemo(() => countByStatus(nodes.map((each) => statusOf(each.status))), [nodes]);
  const toggle = (key: string) =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(key)) next.add(key);
      return next;
    });
  const step = (by: number) => {
    const own = rows.filter((row) => row.node !== null);
    const at = own.findIndex((row) => row.key === chosen);
    const next = own[Math.min(own.length - 1, Math.max(0, at + by))];
    if (next) onChoose(next.key);
  };
  useShortcuts(t("tabs.nodes"), [
    { keys: "j", words: t("nodes.keys.down"), run: () => step(1) },
    { keys: "k", words: t("nodes.keys.up"), run: () => step(-1) },
    { keys: "Escape", words: t("nodes.keys.close"), run: () => onChoose(null) },
  ]);
  if (nodes.length === 0) {
    return <EmptyState title={t("nodes.none")} text={t("nodes.noneText")} />;
  }
  return (
    <div className={classes.nodes}>
      <Group gap="xs" className={classes.bar}>
        <Chip
          size="xs"
          checked={only === null}
          onChange={() => set({ only: null }, false)}
          variant="light"
        >
          {t("nodes.all", { count: nodes.length, number: nodes.length.toLocaleString() })}
        </Chip>
        {STATUSES.filter((status) => counts.has(status)).map((status) => (
          <Chip
            key={status}
            size="xs"
            variant="light"
            checked={only === status}
            onChange={() => set({ only: only === status ? null : status }, false)}
          >
            {`${t(`status.${status}`)} ${(counts.get(status) ?? 0).toLocaleString()}`}
          </Chip>
        ))}
        {isTimeline ? (
          <Checkbox
            size="xs"
            ml="auto"
            label={t("timeline.hideIdle")}
            checked={hidesIdle}
            onChange={(event) =>
              set({ idle: event.currentTarget.checked ? "hidden" : null }, false)
            }
          />
        ) : null}
      </Group>
      {execution.nodes_cut > 0 ? (
        <Text size="sm" className="dim" px="md" pb="xs">
          {t("nodes.cut", { count: execution.nodes_cut })}
        </Text>
      ) : null}
      <NodeTable
        rows={rows}
        nodes={nodes}
        chosen={chosen}
        isTimeline={isTimeline}
        hidesIdle={hidesIdle}
        begin={execution.started_at}
        onChoose={onChoose}
        onToggle={toggle}
      />
    </div>
  );
}

function in_(status: Status) {
  return (node: NodeSummary) => statusOf(node.status) === status;
}

function asRow(node: NodeSummary): NodeRow<NodeSummary> {
  return {
    key: node.id,
    depth: 0,
    label: node.iteration === null ? node.node : `${node.node} [${node.iteration}]`,
    status: statusOf(node.status),
    node,
    hasChildren: false,
    isOpen: false,
    counts: new Map(),
  };
}
