import { Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { Series, SeriesPoint } from "../../api/types";
import { usePreferences } from "../../components/preferences";
import { StatusIcon } from "../../components/Status";
import { niceTop, segmentsOf, totalOf } from "../../model/stacks";
import { STATUSES, type Status } from "../../model/status";
import { clockTime } from "../../model/times";
import classes from "./Dashboard.module.css";

const MOST_LABELS = 8;

/** Executions by hour or day, stacked by status; each stack leads to the executions in it. */
export function RunsChart({ series, step }: { series: Series; step: "hour" | "day" }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const top = niceTop(Math.max(0, ...series.items.map((point) => totalOf(countsOf(point)))));
  const every = Math.ceil(series.items.length / MOST_LABELS);
  const label = (point: SeriesPoint) => {
    const text = clockTime(Date.parse(point.start), zone);
    return step === "hour" ? text.slice(11, 16) : text.slice(5, 10);
  };
  // A label is wider than its stack: the last stacks leave no room for one.
  const isLabelled = (index: number) => index % every === 0 && index <= series.items.length - every;
  const shown = STATUSES.filter((status) =>
    series.items.some((point) => (countsOf(point)[status] ?? 0) > 0),
  );
  return (
    <>
      <ul className={classes.legend}>
        {shown.map((status) => (
          <li key={status}>
            <StatusIcon status={status} size={13} />
            {t(`status.${status}`)}
          </li>
        ))}
      </ul>
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden="true">
          <span>{top.toLocaleString()}</span>
          <span>{(top / 2).toLocaleString()}</span>
          <span>{"0"}</span>
        </div>
        <div className={classes.stacks}>
          {series.items.map((point, index) => (
            <Tooltip key={point.start} label={<PointWords point={point} label={label(point)} />}>
              <Link
                to="/executions"
                search={{ since: point.start, until: point.end }}
                preload={false}
                className={classes.stack}
                aria-label={`${label(point)}: ${t("dashboard.executions", {
                  count: point.executions,
                  number: point.executions.toLocaleString(),
                })}`}
              >
                <span className={classes.column}>
                  {segmentsOf(countsOf(point), top).map((segment) => (
                    <span
                      key={segment.status}
                      className={classes.segment}
                      data-status={segment.status}
                      style={{
                        bottom: `${segment.from * 100}%`,
                        height: `${segment.height * 100}%`,
                      }}
                    />
                  ))}
                </span>
                <span className={classes.stackLabel}>{isLabelled(index) ? label(point) : ""}</span>
              </Link>
            </Tooltip>
          ))}
        </div>
      </div>
    </>
  );
}

function PointWords({ point, label }: { point: SeriesPoint; label: string }) {
  const { t } = useTranslation();
  const counts = countsOf(point);
  return (
    <div>
      <strong>{label}</strong>
      {STATUSES.filter((status) => (counts[status] ?? 0) > 0).map((status) => (
        <div key={status}>
          {t(`status.${status}`)}
          {": "}
          {(counts[status] ?? 0).toLocaleString()}
        </div>
      ))}
    </div>
  );
}

function countsOf(point: SeriesPoint): Partial<Record<Status, number>> {
  const { completed, failed, cancelled, skipped, lost, running, pending } = point;
  return { completed, failed, cancelled, skipped, lost, running, pending };
}
