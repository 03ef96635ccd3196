import { useTranslation } from "react-i18next";
import type { BatchSummary } from "../../api/types";
import { sharesOf } from "../../model/batches";
import classes from "./Batches.module.css";

/** How far a batch is: a bar, and the same in numbers that add up. */
export function BatchBar({ batch }: { batch: BatchSummary }) {
  const { t } = useTranslation();
  return (
    <span>
      <span className={classes.bar} aria-hidden="true">
        {sharesOf(batch).map(({ status, percent }) => (
          <span
            key={status}
            className={classes.part}
            data-status={status}
            style={{ width: `${percent}%` }}
          />
        ))}
      </span>
      <span className="dim number">
        {t("batch.counts", {
          completed: batch.completed,
          failed: batch.failed,
          cancelled: batch.cancelled,
          notRun: batch.not_run,
          total: batch.total,
        })}
      </span>
    </span>
  );
}
