import { Select, Stack } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import type { WorkflowStatistics } from "../../api/types";
import { Ago, Seconds } from "../../components/Moment";
import { usePreferences } from "../../components/preferences";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { RANGES, type Range, sinceOf } from "../../model/filters";
import classes from "./Celery.module.css";
import { TasksOf } from "./TasksOf";

const MOST = 100;
const USUAL: Range = "7d";

/** How canvases fare by their name, and the tasks of each. */
export function Tasks() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  const range = RANGES.find((each) => each === search.range) ?? USUAL;
  const since = useMemo(() => sinceOf(range, Date.now(), zone), [range, zone]);
  const key = ["celery", "named", since];
  const named = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/statistics/workflows", {
        query: { kind: "celery", since, order: "busiest", limit: MOST },
        signal,
      }),
    placeholderData: keepPreviousData,
  });
  useFresh(["executions"], key);
  const items = named.data?.items ?? [];
  const open = search.open ?? items[0]?.workflow;
  return (
    <Stack gap="sm">
      <search className={rows.filters}>
        <Select
          size="xs"
          w={170}
          aria-label={t("filters.range")}
          data={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
          value={range}
          allowDeselect={false}
          onChange={(value) => set({ range: value === USUAL ? null : value })}
        />
      </search>
      <StaleBanner
        error={named.error}
        readAt={named.data ? named.dataUpdatedAt : null}
        onRetry={() => void named.refetch()}
      />
      {named.isPending ? (
        named.error ? null : (
          <Loading rows={6} />
        )
      ) : items.length === 0 ? (
        <EmptyState title={t("celery.noTasks")} text={t("celery.noTasksText")} />
      ) : (
        <ul className={`panel ${rows.list} ${classes.named}`} aria-label={t("celery.tabs.tasks")}>
          {items.map((each) => (
            <Named
              key={each.workflow}
              named={each}
              since={since}
              isOpen={each.workflow === open}
              onToggle={() => set({ open: each.workflow === open ? "-" : each.workflow }, false)}
            />
          ))}
        </ul>
      )}
    </Stack>
  );
}

function Named({
  named,
  since,
  isOpen,
  onToggle,
}: {
  named: WorkflowStatistics;
  since: string;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { t } = useTranslation();
  const { workflow, executions, failed } = named;
  return (
    <li className={rows.row}>
      <button
        type="button"
        className={classes.toggle}
        aria-expanded={isOpen}
        aria-label={t("celery.tasksOf", { name: workflow })}
        onClick={onToggle}
      >
        {isOpen ? <IconChevronDown size={16} /> : <IconChevronRight size={16} />}
      </button>
      <Link
        to="/celery"
        search={{ workflow }}
        preload={false}
        className={`cut ${rows.open}`}
        title={workflow}
      >
        {workflow}
      </Link>
      <span className={classes.number}>
        {t("dashboard.executions", { count: executions, number: executions.toLocaleString() })}
      </span>
      <span className={`${failed > 0 ? rows.failed : "dim"} ${classes.spare}`}>
        {t("celery.failed", { count: failed, number: failed.toLocaleString() })}
      </span>
      <span className={`dim ${classes.number} ${classes.spare}`}>
        <Seconds seconds={named.mean_seconds} />
      </span>
      <span className={`dim ${classes.spare}`}>
        <Ago at={named.last_started_at} />
      </span>
      {isOpen ? <TasksOf workflow={workflow} since={since} /> : null}
    </li>
  );
}
