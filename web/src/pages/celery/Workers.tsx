import { Stack, Switch } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useLiveInterval } from "../../api/live";
import type { CeleryWorker } from "../../api/types";
import { Ago } from "../../components/Moment";
import { Panel, Pill } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import type { Status } from "../../model/status";
import { Queues } from "./Queues";
import { RunningTasks } from "./RunningTasks";
import classes from "./Workers.module.css";

const MOST = 200;
const LIKE = { up: "completed", stopped: "skipped", gone: "lost" } as const satisfies Record<
  string,
  Status
>;

/** The workers of the last week and what they run, and the queues that they take from. */
export function Workers() {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const up = search.up === "yes";
  const refetchInterval = useLiveInterval();
  const workers = useQuery({
    queryKey: ["celery", "workers", up],
    queryFn: ({ signal }) => get("/api/v1/celery/workers", { query: { limit: MOST, up }, signal }),
    placeholderData: keepPreviousData,
    refetchInterval,
  });
  const items = workers.data?.items ?? [];
  return (
    <Stack gap="sm">
      <StaleBanner
        error={workers.error}
        readAt={workers.data ? workers.dataUpdatedAt : null}
        onRetry={() => void workers.refetch()}
      />
      {workers.isPending ? (
        workers.error ? null : (
          <Loading rows={5} />
        )
      ) : items.length === 0 && !up ? (
        <EmptyState title={t("celery.noWorkers")} text={t("celery.noWorkersText")} />
      ) : (
        <Panel
          title={t("celery.tabs.workers")}
          aside={
            <Switch
              label={t("celery.onlyUp")}
              checked={up}
              onChange={(event) => set({ up: event.currentTarget.checked ? "yes" : null })}
            />
          }
        >
          <ul className={`${rows.list} ${classes.workers}`} aria-label={t("celery.tabs.workers")}>
            {items.map((worker) => (
              <WorkerRow key={worker.id} worker={worker} />
            ))}
          </ul>
        </Panel>
      )}
      <Queues />
    </Stack>
  );
}

function WorkerRow({ worker }: { worker: CeleryWorker }) {
  const { t } = useTranslation();
  const state = worker.state in LIKE ? (worker.state as keyof typeof LIKE) : "up";
  return (
    <li className={rows.row}>
      <Pill like={LIKE[state]} words={t(`celery.state.${state}`)} />
      <span className={rows.stack}>
        <strong className="cut" title={worker.name}>
          {worker.name}
        </strong>
        <span className="cut dim">
          {t("celery.process", { host: worker.host, pid: worker.pid })}
        </span>
      </span>
      <span className={rows.stack}>
        <span>{t("celery.pool", { pool: worker.pool, count: worker.concurrency })}</span>
        <span className="cut dim" title={worker.queues.join(", ")}>
          {worker.queues.join(", ")}
        </span>
      </span>
      {state === "up" ? (
        <RunningTasks worker={worker} />
      ) : (
        <span className={`dim ${rows.reason}`}>{worker.gone_reason}</span>
      )}
      <span className={rows.stack}>
        <span>
          {t("celery.begun")} <Ago at={worker.started_at} />
        </span>
        <span className="dim">
          {t(state === "stopped" ? "celery.stopped" : "celery.seen")}{" "}
          <Ago at={worker.stopped_at ?? worker.seen_at} />
        </span>
      </span>
    </li>
  );
}
