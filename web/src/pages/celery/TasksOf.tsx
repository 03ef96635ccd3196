import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Ago, Seconds } from "../../components/Moment";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import classes from "./Celery.module.css";

const COLUMNS = ["task", "ran", "failed", "retried", "mean", "p95", "last"] as const;

/** How the tasks of one canvas fare. */
export function TasksOf({ workflow, since }: { workflow: string; since: string }) {
  const { t } = useTranslation();
  const tasks = useQuery({
    queryKey: ["celery", "tasks", workflow, since],
    queryFn: ({ signal }) =>
      get("/api/v1/statistics/nodes", { query: { workflow, kind: "celery", since }, signal }),
    placeholderData: keepPreviousData,
  });
  if (tasks.error && !tasks.data) {
    return <StaleBanner error={tasks.error} readAt={null} onRetry={() => void tasks.refetch()} />;
  }
  if (!tasks.data) return <Loading rows={2} />;
  return (
    <div
      className={`${rows.list} ${classes.tasks}`}
      role="table"
      aria-label={t("celery.tasksOf", { name: workflow })}
    >
      <div className={`${rows.row} ${classes.tableHead}`} role="row">
        {COLUMNS.map((column) => (
          <span
            key={column}
            role="columnheader"
            className={column === "task" ? undefined : classes.number}
          >
            {t(`celery.columns.${column}`)}
          </span>
        ))}
      </div>
      {tasks.data.items.map((task) => (
        <div key={task.node} className={rows.row} role="row">
          <strong className="cut" role="cell" title={task.node}>
            {task.node}
          </strong>
          <span role="cell" className={classes.number}>
            {task.executions.toLocaleString()}
          </span>
          <span
            role="cell"
            className={`${classes.number} ${task.failed > 0 ? rows.failed : "dim"}`}
          >
            {task.failed.toLocaleString()}
          </span>
          <span role="cell" className={`${classes.number} ${classes.spare}`}>
            {task.retried.toLocaleString()}
          </span>
          <span role="cell" className={`${classes.number} ${classes.spare}`}>
            <Seconds seconds={task.mean_seconds} />
          </span>
          <span role="cell" className={`${classes.number} ${classes.spare}`}>
            <Seconds seconds={task.p95_seconds} />
          </span>
          <span role="cell" className={`dim ${classes.number} ${classes.spare}`}>
            <Ago at={task.last_started_at} />
          </span>
        </div>
      ))}
    </div>
  );
}
