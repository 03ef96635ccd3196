import { Button, Group, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState } from "../../api/live";
import { usePreferences } from "../../components/preferences";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import {
  countFilters,
  type Filters,
  filtersOf,
  NO_FILTERS,
  queryOf,
  searchOf,
} from "../../model/filters";
import { extended, isEmpty, NOTHING, type Selection, toggled } from "../../model/selection";
import { BulkBar } from "./BulkBar";
import classes from "./Executions.module.css";
import { ExecutionTable, type TableHandle } from "./ExecutionTable";
import { FilterBar } from "./FilterBar";
import { useExecutionList } from "./useExecutionList";
import { ViewRail } from "./ViewRail";

const HOW_TO_RECORD = "everyrun exec -- python my_script.py";

/** Every execution on record: filtered by the server, read by the page, chosen and acted upon. */
export function Executions() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { zone } = usePreferences();
  const { search, replaceAll } = useSearchState();
  usePageTitle(t("nav.executions"));
  const name = JSON.stringify(search);
  const filters = useMemo(() => filtersOf(JSON.parse(name)), [name]);
  // A range ends now: now is when it was chosen, or else every poll would ask for something else.
  const query = useMemo(() => queryOf(filters, Date.now(), zone), [filters, zone]);
  const table = useRef<TableHandle>(null);
  const visible = useCallback(() => table.current?.visible() ?? new Set<string>(), []);
  const list = useExecutionList(query, visible);
  const { error: feedError, heardAt } = useFeedState();
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [cursor, setCursor] = useState<string | null>(null);
  const isFiltered = countFilters(filters) > 0;
  const address = useRef({ filters, replaceAll });
  address.current = { filters, replaceAll };
  const change = useCallback((changes: Partial<Filters>) => {
    const now = address.current;
    now.replaceAll(searchOf({ ...now.filters, ...changes }));
  }, []);
  const clear = useCallback(() => address.current.replaceAll(searchOf(NO_FILTERS)), []);
  const count = useQuery({
    queryKey: ["executions", "count", JSON.stringify(query)],
    queryFn: ({ signal }) => get("/api/v1/execution-count", { query, signal }),
    // After the rows: counting takes the server longer than finding them.
    enabled: list.isSuccess && !list.isPlaceholderData && (isFiltered || !isEmpty(selection)),
  });
  const ids = useMemo(() => list.rows.map((row) => row.id), [list.rows]);
  const move = (step: number) => {
    const at = cursor === null ? -1 : ids.indexOf(cursor);
    const next = ids[Math.min(ids.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setCursor(next);
    table.current?.focus(next);
  };
  const place = useRef({ ids, cursor });
  place.current = { ids, cursor };
  const choose = useCallback((id: string, isRange: boolean) => {
    const { ids, cursor } = place.current;
    setSelection((now) =>
      isRange && cursor !== null ? extended(now, ids, cursor, id) : toggled(now, id),
    );
    setCursor(id);
  }, []);
  useShortcuts(t("nav.executions"), [
    { keys: "j", words: t("executions.keys.down"), run: () => move(1) },
    { keys: "k", words: t("executions.keys.up"), run: () => move(-1) },
    {
      keys: "Enter",
      words: t("executions.keys.open"),
      run: () => {
        if (cursor) void navigate({ to: "/executions/$id", params: { id: cursor } });
      },
    },
    {
      keys: "x",
      words: t("executions.keys.choose"),
      run: () => {
        if (cursor) choose(cursor, false);
      },
    },
    {
      keys: "/",
      words: t("executions.keys.find"),
      run: () => document.getElementById("execution-text")?.focus(),
    },
    { keys: "Escape", words: t("executions.keys.clear"), run: () => setSelection(NOTHING) },
  ]);
  const error = list.error ?? feedError;
  return (
    <div className={classes.page}>
      <ViewRail filters={filters} />
      <section className={classes.content} aria-label={t("nav.executions")}>
        <Group justify="space-between" className={classes.head}>
          <Title order={1} size="h3">
            {t("nav.executions")}
          </Title>
          <span className="dim number" aria-live="polite">
            {isFiltered && count.data
              ? t(count.data.complete ? "executions.matching" : "executions.matchingAtLeast", {
                  count: count.data.count,
                  number: count.data.count.toLocaleString(),
                })
              : null}
          </span>
        </Group>
        <FilterBar filters={filters} onChange={change} onClear={clear} />
        {isEmpty(selection) ? null : (
          <BulkBar
            selection={selection}
            rows={list.rows}
            query={query}
            count={count.data ?? null}
            onChange={setSelection}
          />
        )}
        <StaleBanner
          error={error}
          readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
          onRetry={() => void list.refetch()}
        />
        {list.isPending ? (
          error ? null : (
            <Loading rows={12} />
          )
        ) : list.rows.length > 0 || list.hasNextPage ? (
          <ExecutionTable
            ref={table}
            rows={list.rows}
            cursor={cursor}
            selection={selection}
            isOld={list.isPlaceholderData}
            hasMore={list.hasNextPage}
            isLoadingMore={list.isFetchingNextPage}
            searchedTo={list.searchedTo}
            onMore={() => {
              if (!list.isFetching) void list.fetchNextPage();
            }}
            onChoose={choose}
            onCursor={setCursor}
          />
        ) : isFiltered ? (
          <EmptyState title={t("executions.noneMatch")} text={t("executions.noneMatchText")}>
            <Button variant="default" onClick={() => replaceAll(searchOf(NO_FILTERS))}>
              {t("executions.clearFilters")}
            </Button>
          </EmptyState>
        ) : (
          <EmptyState
            title={t("executions.none")}
            text={t("executions.noneText")}
            code={HOW_TO_RECORD}
          />
        )}
      </section>
    </div>
  );
}
