import type { ExecutionSummary } from "../api/types";
import { progressOf } from "../model/progress";
import classes from "./Progress.module.css";

/** How far an execution is: its own word for it, else its nodes, what failed in its colour. */
export function ProgressBar({ of }: { of: Pick<ExecutionSummary, ProgressFields> }) {
  const progress = progressOf(of);
  if (progress === null) return null;
  const percent = (fraction: number) => `${Math.round(fraction * 1_000) / 10}%`;
  return (
    <span className={classes.progress}>
      <span className={classes.track} aria-hidden="true">
        <span
          className={classes.part}
          data-status="completed"
          style={{ width: percent(progress.done) }}
        />
        <span
          className={classes.part}
          data-status="failed"
          style={{ width: percent(progress.failed) }}
        />
      </span>
      <span className={classes.words}>{progress.words}</span>
    </span>
  );
}

type ProgressFields =
  | "nodes_planned"
  | "nodes_total"
  | "nodes_completed"
  | "nodes_failed"
  | "nodes_cancelled"
  | "nodes_skipped"
  | "progress_current"
  | "progress_total";
