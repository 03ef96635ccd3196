import { useTranslation } from "react-i18next";
import type { CeleryWorker } from "../../api/types";
import { Ago } from "../../components/Moment";
import rows from "../../components/Rows.module.css";
import classes from "./Workers.module.css";

const MOST_NAMED = 4;

/** What a worker runs, what lies in it, and how much it has done. */
export function RunningTasks({ worker }: { worker: CeleryWorker }) {
  const { t } = useTranslation();
  const { running, running_total: total, reserved, done } = worker;
  return (
    <span className={rows.stack}>
      <span className={classes.running}>
        {running.slice(0, MOST_NAMED).map((task) => (
          <span key={task.id} title={task.id}>
            {task.name}{" "}
            <span className="dim">
              <Ago at={task.since} />
            </span>
          </span>
        ))}
        {total > MOST_NAMED ? (
          <span className="dim">{t("schedules.andMore", { count: total - MOST_NAMED })}</span>
        ) : null}
      </span>
      <span className="dim number">
        {t("celery.work", {
          running: total.toLocaleString(),
          reserved: reserved.toLocaleString(),
          done: done.toLocaleString(),
        })}
      </span>
    </span>
  );
}
