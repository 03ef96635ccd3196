import { Button, Loader } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ExecutionSummary } from "../../api/types";
import { ExecutionLink } from "../../components/ExecutionLink";
import { Ago, Taken } from "../../components/Moment";
import { ProgressBar } from "../../components/Progress";
import { StatusBadge } from "../../components/Status";
import { useTriggerWord } from "../../components/useTriggerWord";
import { isChosen, type Selection } from "../../model/selection";
import { statusOf } from "../../model/status";
import classes from "./Executions.module.css";

const ROW = 44;
const NARROW_ROW = 64;
/** So many rows before the end more are asked for. */
const AHEAD = 30;

export interface TableHandle {
  focus: (id: string) => void;
  visible: () => ReadonlySet<string>;
}

const COLUMNS = ["status", "workflow", "progress", "trigger", "notes", "began", "taken"] as const;

/** Executions in rows, of which only those in view are drawn. */
export function ExecutionTable({
  ref,
  rows,
  cursor,
  selection,
  isOld,
  hasMore,
  isLoadingMore,
  searchedTo,
  onMore,
  onChoose,
  onCursor,
}: {
  ref: Ref<TableHandle>;
  rows: readonly ExecutionSummary[];
  cursor: string | null;
  selection: Selection;
  isOld: boolean;
  hasMore: boolean;
  isLoadingMore: boolean;
  searchedTo: string | null;
  onMore: () => void;
  onChoose: (id: string, isRange: boolean) => void;
  onCursor: (id: string) => void;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery("(max-width: 62em)") ?? false;
  const height = isNarrow ? NARROW_ROW : ROW;
  const virtual = useVirtualizer({
    count: rows.length + (hasMore ? 1 : 0),
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 4,
    getItemKey: (index) => rows[index]?.id ?? "more",
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows are measured anew by their height
  useEffect(() => virtual.measure(), [height]);
  const items = virtual.getVirtualItems();
  useImperativeHandle(ref, () => ({
    focus: (id) => {
      virtual.scrollToIndex(rows.findIndex((row) => row.id === id));
      requestAnimationFrame(() => document.getElementById(`row-${id}`)?.focus());
    },
    visible: () => new Set(virtual.getVirtualItems().map((item) => String(item.key))),
  }));
  const isNearEnd = (items.at(-1)?.index ?? 0) >= rows.length - AHEAD;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoadingMore) onMore();
  }, [isNearEnd, hasMore, isLoadingMore, onMore]);
  return (
    <div
      className={`panel ${classes.table}`}
      role="table"
      aria-label={t("nav.executions")}
      aria-rowcount={hasMore ? -1 : rows.length + 1}
      data-old={isOld}
    >
      <div className={classes.columns} role="row">
        <span role="columnheader">
          <span className="unseen">{t("executions.columns.chosen")}</span>
        </span>
        {COLUMNS.map((column) => (
          <span
            key={column}
            role="columnheader"
            className={column === "taken" ? classes.end : classes[column]}
          >
            {t(`executions.columns.${column}`)}
          </span>
        ))}
      </div>
      <div ref={scroller} className={classes.scroller} role="presentation">
        <div className={classes.canvas} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            const style = { transform: `translateY(${item.start}px)` };
            if (!row) {
              return (
                <div key="more" className={classes.more} style={style} role="row">
                  <span role="cell">
                    {isLoadingMore ? <Loader size="xs" /> : null}
                    {searchedTo ? (
                      <>
                        {t("executions.searchedTo")} <Ago at={searchedTo} />{" "}
                      </>
                    ) : null}
                    <Button size="compact-xs" variant="default" onClick={onMore}>
                      {t("common.more")}
                    </Button>
                  </span>
                </div>
              );
            }
            return (
              <ExecutionRow
                key={row.id}
                row={row}
                index={item.index}
                top={item.start}
                isCursor={row.id === cursor}
                isChosen={isChosen(selection, row.id)}
                onChoose={onChoose}
                onCursor={onCursor}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

/** Drawn anew only when something of it changed: a list is drawn often, and rows take long. */
const ExecutionRow = memo(function Row({
  row,
  index,
  top,
  isCursor,
  isChosen: isRowChosen,
  onChoose,
  onCursor,
}: {
  row: ExecutionSummary;
  index: number;
  top: number;
  isCursor: boolean;
  isChosen: boolean;
  onChoose: (id: string, isRange: boolean) => void;
  onCursor: (id: string) => void;
}) {
  const { t } = useTranslation();
  const triggerWord = useTriggerWord();
  const status = statusOf(row.status);
  return (
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      data-chosen={isRowChosen}
      data-cursor={isCursor}
      style={{ transform: `translateY(${top}px)` }}
    >
      <span role="cell" className={classes.check}>
        <input
          type="checkbox"
          className={classes.box}
          checked={isRowChosen}
          aria-label={t("executions.choose", { workflow: row.workflow })}
          onChange={() => undefined}
          onClick={(event) => onChoose(row.id, event.shiftKey)}
        />
      </span>
      <span role="cell" className={classes.status}>
        <StatusBadge status={status} />
      </span>
      <span role="cell" className={classes.name}>
        <ExecutionLink
          id={`row-${row.id}`}
          execution={row.id}
          className={`cut ${classes.open}`}
          onFocus={() => onCursor(row.id)}
          title={row.workflow}
        >
          {row.workflow}
        </ExecutionLink>
        <span className={classes.kind}>{t(`kind.${row.kind as "graph"}`)}</span>
      </span>
      <span role="cell" className={classes.progress}>
        <ProgressBar of={row} />
      </span>
      <span role="cell" className={`cut dim ${classes.trigger}`}>
        {triggerWord(row.trigger)}
      </span>
      <span role="cell" className={classes.notes}>
        {row.error || row.lost_reason ? (
          <span className={`cut ${classes.error}`} title={row.error ?? row.lost_reason ?? ""}>
            {row.error ?? row.lost_reason}
          </span>
        ) : (
          <span className="cut dim">{row.progress_message ?? row.tags.join(", ")}</span>
        )}
      </span>
      <span role="cell" className={`dim ${classes.began}`}>
        <Ago at={row.started_at ?? row.created_at} />
      </span>
      <span role="cell" className={`dim ${classes.taken} ${classes.end}`}>
        <Taken of={row} status={status} />
      </span>
    </div>
  );
});
