import { MultiSelect, Select, Stack } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { ExecutionSummary } from "../../api/types";
import { Ago, Taken } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { ProgressBar } from "../../components/Progress";
import { usePreferences } from "../../components/preferences";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { useSearchState } from "../../components/useSearchState";
import { countFilters, filtersOf, queryOf, RANGES } from "../../model/filters";
import { isStatus, STATUSES, statusOf } from "../../model/status";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import classes from "./Celery.module.css";

const PAGE = 50;
const HOW_TO_INSTALL = "from everyrun.integrations.celery import install\n\ninstall(app)";

/** Chains, groups and chords, the newest first: how far they are, and what failed in them. */
export function Canvases() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  const name = JSON.stringify(search);
  const filters = useMemo(() => ({ ...filtersOf(JSON.parse(name)), kind: "celery" }), [name]);
  const query = useMemo(() => queryOf(filters, Date.now(), zone), [filters, zone]);
  const key = ["executions", "canvases", JSON.stringify(query)];
  const list = usePages(key, (after, signal) =>
    get("/api/v1/executions", {
      query: { ...query, limit: PAGE, ...after },
      signal,
    }),
  );
  useFresh(["executions"], key);
  const { error: feedError, heardAt } = useFeedState();
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const isFiltered = countFilters(filters) > 1;
  return (
    <Stack gap="sm">
      <search className={rows.filters}>
        <WorkflowSelect
          kind="celery"
          value={filters.workflow}
          onChange={(workflow) => set({ workflow })}
        />
        <MultiSelect
          size="xs"
          w={220}
          placeholder={filters.status.length === 0 ? t("filters.status") : ""}
          aria-label={t("filters.status")}
          data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={[...filters.status]}
          onChange={(status) => set({ status: status.filter(isStatus).join() })}
          clearable
        />
        <Select
          size="xs"
          w={150}
          placeholder={t("filters.range")}
          aria-label={t("filters.range")}
          data={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
          value={filters.range || null}
          onChange={(range) => set({ range })}
          clearable
        />
        <Link to="/executions" search={{ kind: "celery" }} className="link">
          {t("celery.asExecutions")}
        </Link>
      </search>
      <StaleBanner
        error={list.error ?? feedError}
        readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
        onRetry={() => void list.refetch()}
      />
      {list.isPending ? (
        list.error ? null : (
          <Loading rows={8} />
        )
      ) : items.length === 0 && !list.hasNextPage ? (
        <EmptyState
          title={t(isFiltered ? "celery.noneMatch" : "celery.none")}
          text={t(isFiltered ? "executions.noneMatchText" : "celery.noneText")}
          {...(isFiltered ? {} : { code: HOW_TO_INSTALL })}
        />
      ) : (
        <ul
          className={`panel ${rows.list} ${classes.canvases}`}
          aria-label={t("celery.tabs.canvases")}
        >
          {items.map((each) => (
            <Canvas key={each.id} canvas={each} />
          ))}
        </ul>
      )}
      <MoreButton of={list} />
    </Stack>
  );
}

function Canvas({ canvas }: { canvas: ExecutionSummary }) {
  const status = statusOf(canvas.status);
  const said = canvas.error ?? canvas.lost_reason;
  return (
    <li className={rows.row}>
      <span>
        <StatusBadge status={status} />
      </span>
      <span className={rows.stack}>
        <Link
          to="/executions/$id"
          params={{ id: canvas.id }}
          preload={false}
          className={`cut ${rows.open}`}
          title={canvas.workflow}
        >
          {canvas.workflow}
        </Link>
        {canvas.external_id ? (
          <span className="cut dim mono" title={canvas.external_id}>
            {canvas.external_id}
          </span>
        ) : null}
      </span>
      <span className={classes.wide}>
        <ProgressBar of={canvas} />
      </span>
      <span className={`${rows.reason} ${said ? rows.failed : "dim"} ${classes.wide}`}>
        {said ?? canvas.progress_message}
      </span>
      <span className="dim">
        <Ago at={canvas.started_at ?? canvas.created_at} />
      </span>
      <span className={`dim ${classes.number}`}>
        <Taken of={canvas} status={status} />
      </span>
    </li>
  );
}
