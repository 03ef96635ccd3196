import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useLiveInterval } from "../../api/live";
import { Ago } from "../../components/Moment";
import { Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { StaleBanner } from "../../components/States";
import classes from "./Workers.module.css";

/** The queues that workers take from: what waited in each when it was last looked at. */
export function Queues() {
  const { t } = useTranslation();
  const refetchInterval = useLiveInterval();
  const queues = useQuery({
    queryKey: ["celery", "queues"],
    queryFn: ({ signal }) => get("/api/v1/celery/queues", { signal }),
    placeholderData: keepPreviousData,
    refetchInterval,
  });
  const items = queues.data?.items ?? [];
  if (items.length === 0 && !queues.error) return null;
  return (
    <Panel title={t("celery.queues")}>
      <StaleBanner
        error={queues.error}
        readAt={queues.data ? queues.dataUpdatedAt : null}
        onRetry={() => void queues.refetch()}
      />
      <ul className={`${rows.list} ${classes.queues}`} aria-label={t("celery.queues")}>
        {items.map((queue) => (
          <li key={`${queue.broker} ${queue.name}`} className={rows.row}>
            <strong className="cut">{queue.name}</strong>
            <span className="cut dim" title={queue.broker}>
              {queue.broker}
            </span>
            <span className="number">
              {queue.messages === null
                ? t("celery.notKnown")
                : t("celery.waiting", {
                    count: queue.messages,
                    number: queue.messages.toLocaleString(),
                  })}
            </span>
            <span className={queue.workers === 0 ? rows.failed : "dim"}>
              {t("celery.takers", { count: queue.workers })}
            </span>
            <span className="dim">
              <Ago at={queue.seen_at} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
