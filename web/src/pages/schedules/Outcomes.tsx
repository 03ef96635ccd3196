import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePages } from "../../api/pages";
import type { FireDecision, ScheduleSummary } from "../../api/types";
import { At } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { Panel, Pill } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { StaleBanner } from "../../components/States";
import type { Status } from "../../model/status";
import classes from "./Schedules.module.css";

const PAGE = 20;
const LIKE = {
  started: "completed",
  skipped: "skipped",
  missed: "failed",
  coalesced: "cancelled",
  backfilled: "running",
} as const satisfies Record<string, Status>;

/** What became of the times that a schedule was due, the latest first. */
export function Outcomes({ schedule }: { schedule: ScheduleSummary }) {
  const { t } = useTranslation();
  const fires = usePages(["schedules", "fires", schedule.id, schedule.last_at], (after, signal) =>
    get("/api/v1/schedules/{schedule}/fires", {
      path: { schedule: schedule.id },
      query: { limit: PAGE, ...after },
      signal,
    }),
  );
  const items = fires.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t("schedules.outcomes")}>
      <StaleBanner
        error={fires.error}
        readAt={fires.data ? fires.dataUpdatedAt : null}
        onRetry={() => void fires.refetch()}
      />
      {fires.data && items.length === 0 ? (
        <span className="dim">{t("schedules.notYet")}</span>
      ) : (
        <ol className={`${rows.list} ${classes.outcomes}`}>
          {items.map((fire) => (
            <Outcome key={fire.due_at} fire={fire} />
          ))}
        </ol>
      )}
      <MoreButton of={fires} />
    </Panel>
  );
}

function Outcome({ fire }: { fire: FireDecision }) {
  const { t } = useTranslation();
  const outcome = fire.outcome in LIKE ? (fire.outcome as keyof typeof LIKE) : "started";
  return (
    <li className={rows.row}>
      <At at={fire.due_at} />
      <span>
        <Pill like={LIKE[outcome]} words={t(`schedules.outcome.${outcome}`)} />
      </span>
      <span className={rows.reason}>{fire.reason}</span>
      {fire.execution_id ? (
        <Link
          to="/executions/$id"
          params={{ id: fire.execution_id }}
          preload={false}
          className="link"
        >
          {t("schedules.execution")}
        </Link>
      ) : null}
    </li>
  );
}
