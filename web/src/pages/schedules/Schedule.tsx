import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { ApiProblem } from "../../api/problem";
import type { ComingFire } from "../../api/types";
import { JsonBlock } from "../../components/JsonBlock";
import { Ago, At } from "../../components/Moment";
import { PageFrame } from "../../components/PageFrame";
import { type Fact, Facts, Panel } from "../../components/Panel";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { formOf } from "../../model/scheduleForm";
import { Backfills } from "./Backfills";
import { ComingFires } from "./ComingFires";
import { Outcomes } from "./Outcomes";
import { ScheduleActions } from "./ScheduleActions";
import { StateBadge } from "./StateBadge";
import { useTriggerWords } from "./words";

/** So many times are looked through for those that changed clocks alter. */
const LOOKED_AT = 400;
const SHOWN = 8;
const ODD_SHOWN = 4;

/** One schedule: its rules, when it is due, and what became of the times that it was due. */
export function Schedule() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id } = useParams({ from: "/schedules/$id" });
  const words = useTriggerWords();
  const key = ["schedules", "one", id];
  const one = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/schedules/{schedule}", { path: { schedule: id }, query: { count: 10 }, signal }),
  });
  useFresh(["schedules", "workflows"], key);
  const { error: feedError, heardAt } = useFeedState();
  const schedule = one.data?.schedule;
  usePageTitle(schedule?.name ?? t("nav.schedules"));
  const coming = useQuery({
    queryKey: ["schedules", "coming", id, schedule?.next_at, schedule?.definition],
    queryFn: ({ signal }) =>
      get("/api/v1/schedules/{schedule}/next", {
        path: { schedule: id },
        query: { count: LOOKED_AT },
        signal,
      }),
    enabled: schedule !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const back = (
    <Link to="/schedules" className="link">
      {t("nav.schedules")}
    </Link>
  );
  if (one.error instanceof ApiProblem && one.error.status === 404 && !schedule) {
    return (
      <EmptyState title={t("schedules.missing")} text={one.error.message}>
        {back}
      </EmptyState>
    );
  }
  if (!one.data || !schedule) {
    return one.error ? (
      <StaleBanner error={one.error} readAt={null} onRetry={() => void one.refetch()} />
    ) : (
      <Loading />
    );
  }
  const form = formOf(schedule.definition, schedule.timezone);
  const times = coming.data?.times ?? [];
  const later = times.slice(SHOWN).filter((fire) => fire.oddity !== null);
  const facts: Fact[] = [
    [
      t("schedules.workflow"),
      <Link
        key="workflow"
        to="/executions"
        search={{ workflow: schedule.workflow, trigger: "schedule" }}
        className="link"
      >
        {schedule.workflow}
      </Link>,
    ],
    [t("schedules.dueAt"), words(schedule.definition, schedule.timezone)],
    [
      t("schedules.expression"),
      form.type === "cron" ? (
        <span key="cron" className="mono">
          {form.expression}
        </span>
      ) : null,
    ],
    [t("schedules.zone"), schedule.timezone],
    [t("schedules.start"), form.start.replace("T", " ")],
    [t("schedules.end"), form.end.replace("T", " ")],
    [t("schedules.grace"), form.grace],
    [t("schedules.late"), t(`schedules.catchUp.${form.catchUp}`)],
    [t("schedules.last"), schedule.last_at ? <Ago key="last" at={schedule.last_at} /> : null],
    [t("execution.tags"), form.tags.join(", ")],
  ];
  return (
    <PageFrame
      title={schedule.name}
      crumb={back}
      beside={<StateBadge state={schedule.state} />}
      actions={
        <ScheduleActions
          schedule={schedule}
          isWhole
          onDeleted={() => void navigate({ to: "/schedules" })}
        />
      }
    >
      <StaleBanner
        error={one.error ?? feedError}
        readAt={heardAt ?? one.dataUpdatedAt}
        onRetry={() => void one.refetch()}
      />
      <Panel title={t("schedules.rules")}>
        {schedule.paused_reason ? (
          <span>{t("schedules.pausedBecause", { reason: schedule.paused_reason })}</span>
        ) : null}
        <Facts facts={facts} />
        {form.input === "" ? null : (
          <JsonBlock title={t("schedules.input")} value={JSON.parse(form.input)} />
        )}
      </Panel>
      <Panel title={t(schedule.state === "active" ? "schedules.next" : "schedules.nextIf")}>
        {coming.data && times.length === 0 ? (
          <span className="dim">{t("schedules.never")}</span>
        ) : (
          <ComingFires fires={times.slice(0, SHOWN)} zone={schedule.timezone} />
        )}
        {later.length > 0 ? <Later fires={later} zone={schedule.timezone} /> : null}
      </Panel>
      <Outcomes schedule={schedule} />
      <Backfills backfills={one.data.backfills} />
    </PageFrame>
  );
}

function Later({ fires, zone }: { fires: readonly ComingFire[]; zone: string }) {
  const { t } = useTranslation();
  const last = fires.at(-1);
  return (
    <>
      <strong>{t("schedules.clocks")}</strong>
      <ComingFires fires={fires.slice(0, ODD_SHOWN)} zone={zone} />
      {fires.length > ODD_SHOWN && last ? (
        <span className="dim">
          {t("schedules.andMore", { count: fires.length - ODD_SHOWN })} <At at={last.at} />
        </span>
      ) : null}
    </>
  );
}
