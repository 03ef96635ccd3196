import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { NodeSummary } from "../../api/types";
import { Seconds, Taken } from "../../components/Moment";
import { useNow } from "../../components/now";
import { StatusCounts, StatusIcon } from "../../components/Status";
import type { NodeRow } from "../../model/nodeTree";
import { isSettled } from "../../model/status";
import { barsOf, criticalPath, scaleOf } from "../../model/timeline";
import { Axis, BarTrack } from "./Bars";
import classes from "./NodeTable.module.css";

const ROW = 34;

/** Rows of node executions, of which only those in view are drawn. */
export function NodeTable({
  rows,
  nodes,
  chosen,
  isTimeline,
  hidesIdle,
  begin,
  onChoose,
  onToggle,
}: {
  rows: readonly NodeRow<NodeSummary>[];
  nodes: readonly NodeSummary[];
  chosen: string | null;
  isTimeline: boolean;
  hidesIdle: boolean;
  begin: string | null;
  onChoose: (node: string | null) => void;
  onToggle: (key: string) => void;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isMoving = nodes.some((node) => node.started_at !== null && node.ended_at === null);
  const now = useNow(isTimeline && isMoving);
  const bars = useMemo(() => (isTimeline ? barsOf(nodes, now) : []), [isTimeline, nodes, now]);
  const byId = useMemo(() => new Map(bars.map((bar) => [bar.id, bar])), [bars]);
  const scale = useMemo(() => scaleOf(bars, hidesIdle), [bars, hidesIdle]);
  const critical = useMemo(() => {
    const roots = new Set(
      nodes.filter((n) => n.parent_node_execution_id === null).map((n) => n.id),
    );
    return criticalPath(bars.filter((bar) => roots.has(bar.id)));
  }, [bars, nodes]);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 12,
    getItemKey: (index) => rows[index]?.key ?? index,
  });
  const at = chosen === null ? -1 : rows.findIndex((row) => row.key === chosen);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at);
  }, [at, virtual]);
  const origin = begin === null ? null : Date.parse(begin);
  return (
    <div
      className={classes.table}
      data-timeline={isTimeline}
      role="treegrid"
      aria-label={t(isTimeline ? "tabs.timeline" : "tabs.nodes")}
      aria-rowcount={rows.length + 1}
    >
      <div className={classes.columns} role="row">
        <span role="columnheader">{t("nodes.columns.node")}</span>
        {isTimeline ? (
          <span role="columnheader" className={classes.axisCell}>
            <span className="unseen">{t("tabs.timeline")}</span>
            {bars.length > 0 ? <Axis scale={scale} /> : null}
          </span>
        ) : (
          <>
            <span role="columnheader">{t("nodes.columns.type")}</span>
            <span role="columnheader">{t("nodes.columns.began")}</span>
            <span role="columnheader">{t("nodes.columns.taken")}</span>
            <span role="columnheader">{t("nodes.columns.says")}</span>
          </>
        )}
      </div>
      <div ref={scroller} className={classes.scroller} role="rowgroup" tabIndex={0}>
        <div
          role="presentation"
          className={classes.canvas}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            return (
              <div
                key={row.key}
                role="row"
                aria-level={row.depth + 1}
                aria-rowindex={item.index + 2}
                aria-selected={row.key === chosen}
                {...(row.hasChildren ? { "aria-expanded": row.isOpen } : {})}
                className={classes.row}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <NameCell row={row} onChoose={onChoose} onToggle={onToggle} />
                {isTimeline ? (
                  <span role="gridcell" className={classes.track}>
                    <BarTrack
                      bar={byId.get(row.key) ?? null}
                      status={row.status}
                      scale={scale}
                      isCritical={critical.has(row.key)}
                      node={row.node}
                    />
                  </span>
                ) : (
                  <DetailCells row={row} origin={origin} />
                )}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

function NameCell({
  row,
  onChoose,
  onToggle,
}: {
  row: NodeRow<NodeSummary>;
  onChoose: (node: string | null) => void;
  onToggle: (key: string) => void;
}) {
  const { t } = useTranslation();
  return (
    <span role="gridcell" className={classes.name} style={{ paddingLeft: `${row.depth * 1.1}rem` }}>
      {row.hasChildren ? (
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={t(row.isOpen ? "nodes.fold" : "nodes.unfold", { node: row.label })}
          onClick={() => onToggle(row.key)}
        >
          {row.isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
        </ActionIcon>
      ) : (
        <span className={classes.noChevron} />
      )}
      <StatusIcon status={row.status} />
      <button
        type="button"
        className={`cut ${classes.open}`}
        onClick={() => (row.node === null ? onToggle(row.key) : onChoose(row.key))}
        title={row.node?.node ?? row.label}
      >
        {row.label}
      </button>
      {row.node && row.node.attempts > 1 ? (
        <span className={classes.attempts}>
          {t("nodes.attempts", { count: row.node.attempts })}
        </span>
      ) : null}
      {row.hasChildren && row.counts.size > 0 ? (
        <span className={classes.counts}>
          <StatusCounts counts={row.counts} />
        </span>
      ) : null}
    </span>
  );
}

function DetailCells({ row, origin }: { row: NodeRow<NodeSummary>; origin: number | null }) {
  const { t } = useTranslation();
  const { node } = row;
  const began = node?.started_at ? Date.parse(node.started_at) : null;
  const says = node?.error ?? node?.lost_reason ?? node?.progress_message ?? null;
  const isBad = Boolean(node?.error ?? node?.lost_reason);
  return (
    <>
      <span role="gridcell" className="cut dim">
        {node?.node_type}
      </span>
      <span role="gridcell" className="dim number">
        {began !== null && origin !== null ? (
          <>
            {"+"}
            <Seconds seconds={Math.max(0, (began - origin) / 1_000)} />
          </>
        ) : null}
      </span>
      <span role="gridcell" className="number">
        {node ? <Taken of={node} status={row.status} /> : null}
      </span>
      <span role="gridcell" className={`cut ${isBad ? classes.bad : "dim"}`} title={says ?? ""}>
        {says ??
          (node && !isSettled(row.status) && node.progress_current !== null
            ? t("nodes.progress", {
                current: node.progress_current,
                total: node.progress_total ?? "?",
              })
            : null)}
      </span>
    </>
  );
}
