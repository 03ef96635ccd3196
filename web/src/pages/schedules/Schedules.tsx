import { SegmentedControl } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { ScheduleSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { MoreButton } from "../../components/MoreButton";
import { useMe } from "../../components/me";
import { PageFrame } from "../../components/PageFrame";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { unlessRole } from "../../model/rights";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import { ComingFires } from "./ComingFires";
import { ScheduleActions } from "./ScheduleActions";
import { ScheduleDialog } from "./ScheduleDialog";
import classes from "./Schedules.module.css";
import { StateBadge } from "./StateBadge";
import { Unserved } from "./Unserved";
import { useTriggerWords } from "./words";

const PAGE = 50;
const FIRES_SHOWN = 3;
const ACTIVE = ["", "yes", "no"] as const;
const HOW_TO_ADD = 'everyrun schedule add my_workflow --cron "0 7 * * *" --zone Asia/Seoul';

/** What starts by itself: when next, and whether it goes on. */
export function Schedules() {
  const { t } = useTranslation();
  const me = useMe();
  const navigate = useNavigate();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.schedules"));
  const [isAdding, setIsAdding] = useState(false);
  const active = ACTIVE.find((each) => each === search.active) ?? "";
  const query = {
    limit: PAGE,
    ...(search.workflow ? { workflow: search.workflow } : {}),
    ...(active === "" ? {} : { active: active === "yes" }),
  };
  const key = ["schedules", "list", JSON.stringify(query)];
  const list = usePages(key, (after, signal) =>
    get("/api/v1/schedules", {
      query: { ...query, ...after },
      signal,
    }),
  );
  useFresh(["schedules", "workflows"], key);
  const { error: feedError, heardAt } = useFeedState();
  const schedules = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = Boolean(search.workflow) || active !== "";
  const hindrance = unlessRole(me.role, "operator");
  return (
    <PageFrame
      title={t("nav.schedules")}
      actions={
        <ActionButton
          hindrance={hindrance}
          leftSection={<IconPlus size={15} />}
          onClick={() => setIsAdding(true)}
        >
          {t("schedules.add")}
        </ActionButton>
      }
    >
      <search className={rows.filters}>
        <WorkflowSelect
          kind="graph"
          value={search.workflow ?? ""}
          onChange={(workflow) => set({ workflow })}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("schedules.which")}
          data={ACTIVE.map((value) => ({
            value,
            label: t(`schedules.show.${value === "" ? "all" : value}`),
          }))}
          value={active}
          onChange={(value) => set({ active: value })}
        />
      </search>
      <StaleBanner
        error={list.error ?? feedError}
        readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
        onRetry={() => void list.refetch()}
      />
      {list.data?.pages[0]?.served === false && schedules.length > 0 ? <Unserved /> : null}
      {list.isPending ? (
        list.error ? null : (
          <Loading rows={6} />
        )
      ) : schedules.length === 0 ? (
        <EmptyState
          title={t(isFiltered ? "schedules.noneMatch" : "schedules.none")}
          text={t(isFiltered ? "schedules.noneMatchText" : "schedules.noneText")}
          {...(isFiltered ? {} : { code: HOW_TO_ADD })}
        />
      ) : (
        <ul className={`panel ${rows.list} ${classes.list}`} aria-label={t("nav.schedules")}>
          {schedules.map((schedule) => (
            <ScheduleRow key={schedule.id} schedule={schedule} />
          ))}
        </ul>
      )}
      <MoreButton of={list} />
      {isAdding ? (
        <ScheduleDialog
          schedule={null}
          workflow={search.workflow ?? ""}
          onDone={(id) => void navigate({ to: "/schedules/$id", params: { id } })}
          onClose={() => setIsAdding(false)}
        />
      ) : null}
    </PageFrame>
  );
}

function ScheduleRow({ schedule }: { schedule: ScheduleSummary }) {
  const { t } = useTranslation();
  const words = useTriggerWords();
  const { id, name, workflow, timezone, next_at, state } = schedule;
  // Asked anew when it is due at another time than before, and not with every change of others.
  const next = useQuery({
    queryKey: ["schedules", "next", id, next_at, state, timezone, schedule.definition],
    queryFn: ({ signal }) =>
      get("/api/v1/schedules/{schedule}/next", {
        path: { schedule: id },
        query: { count: FIRES_SHOWN },
        signal,
      }),
    enabled: state === "active",
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
  });
  return (
    <li className={rows.row}>
      <span className={rows.stack}>
        <Link
          to="/schedules/$id"
          params={{ id }}
          preload={false}
          className={`cut ${rows.open}`}
          title={name}
        >
          {name}
        </Link>
        <span className="cut dim">{workflow}</span>
      </span>
      <span className={rows.stack}>
        <span>{words(schedule.definition, timezone)}</span>
        <span className="dim">{timezone}</span>
      </span>
      <span className={rows.stack}>
        {state === "active" ? (
          <ComingFires fires={next.data?.times ?? []} zone={timezone} />
        ) : (
          <span className={rows.reason}>
            <StateBadge state={state} />{" "}
            {state === "paused" ? schedule.paused_reason : t(`schedules.why.${state as "off"}`)}
          </span>
        )}
      </span>
      <span className={rows.actions}>
        <ScheduleActions schedule={schedule} isWhole={false} />
      </span>
    </li>
  );
}
