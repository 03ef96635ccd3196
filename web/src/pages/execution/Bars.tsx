import { Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NodeSummary } from "../../api/types";
import { useUnits } from "../../components/Moment";
import { formatDuration } from "../../model/durations";
import type { Status } from "../../model/status";
import { type Bar, type Scale, ticksOf } from "../../model/timeline";
import classes from "./NodeTable.module.css";

const MOST_TICKS = 6;

function percent(fraction: number): string {
  return `${(fraction * 100).toFixed(3)}%`;
}

/** Marks in round steps from the beginning. */
export function Axis({ scale }: { scale: Scale }) {
  const units = useUnits();
  return (
    <span className={classes.axis} aria-hidden="true">
      {ticksOf(scale.domain, MOST_TICKS).map((tick) => (
        <span
          key={tick}
          className={classes.tick}
          style={{ left: percent(scale.place(scale.domain.start + tick)) }}
        >
          {formatDuration(tick / 1_000, units)}
        </span>
      ))}
    </span>
  );
}

/** When a node execution waited and ran. */
export function BarTrack({
  bar,
  status,
  scale,
  isCritical,
  node,
}: {
  bar: Bar | null;
  status: Status;
  scale: Scale;
  isCritical: boolean;
  node: NodeSummary | null;
}) {
  const { t } = useTranslation();
  const units = useUnits();
  if (!bar) return null;
  const [start, end] = [scale.place(bar.ran.start), scale.place(bar.ran.end)];
  const queued = bar.queued ? scale.place(bar.queued.start) : start;
  const took = formatDuration((bar.ran.end - bar.ran.start) / 1_000, units);
  const waited = bar.queued
    ? formatDuration((bar.queued.end - bar.queued.start) / 1_000, units)
    : null;
  const words = [
    t("timeline.ran", { took }),
    ...(waited ? [t("timeline.waited", { waited })] : []),
    ...(node && node.attempts > 1 ? [t("nodes.attempts", { count: node.attempts })] : []),
    ...(isCritical ? [t("timeline.critical")] : []),
  ].join(" · ");
  return (
    <Tooltip label={words}>
      <span className={classes.bars} role="img" aria-label={words}>
        {queued < start ? (
          <span
            className={classes.queued}
            style={{ left: percent(queued), width: percent(start - queued) }}
          />
        ) : null}
        <span
          className={classes.ran}
          data-status={status}
          data-open={bar.isOpen}
          data-critical={isCritical}
          style={{ left: percent(start), width: percent(Math.max(0, end - start)) }}
        />
        <span
          className={classes.took}
          style={
            end > 0.85
              ? { right: percent(1 - start), marginRight: 6 }
              : { left: percent(end), marginLeft: 6 }
          }
        >
          {took}
        </span>
      </span>
    </Tooltip>
  );
}
