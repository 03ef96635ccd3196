import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import { Ago } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { PageFrame } from "../../components/PageFrame";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { groupFailures, ORDERS } from "../../model/failures";
import { KINDS } from "../../model/filters";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import { FailingNodes } from "./FailingNodes";
import { FailureGroupPanel } from "./FailureGroupPanel";

const PAGE = 200;

/** What failed lately, put together by its reason: how often, of what, and how to go about it. */
export function Failures() {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.failures"));
  const order = ORDERS.find((each) => each === search.order) ?? "most";
  const kind = KINDS.find((each) => each === search.kind) ?? null;
  const query = {
    limit: PAGE,
    ...(search.workflow ? { workflow: search.workflow } : {}),
    ...(kind === null ? {} : { kind }),
  };
  const key = ["failures", JSON.stringify(query)];
  const list = usePages(key, (after, signal) =>
    get("/api/v1/statistics/failures", {
      query: { ...query, ...after },
      signal,
    }),
  );
  useFresh(["executions"], key);
  const { error: feedError, heardAt } = useFeedState();
  const { data } = list;
  const failures = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  const groups = useMemo(() => groupFailures(failures, order), [failures, order]);
  const isFiltered = Boolean(search.workflow) || kind !== null;
  const oldest = failures.at(-1);
  return (
    <PageFrame title={t("nav.failures")}>
      <search className={rows.filters}>
        <WorkflowSelect value={search.workflow ?? ""} onChange={(workflow) => set({ workflow })} />
        <Select
          size="xs"
          w={130}
          placeholder={t("filters.kind")}
          aria-label={t("filters.kind")}
          data={KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))}
          value={kind}
          onChange={(value) => set({ kind: value })}
          clearable
        />
        <Select
          size="xs"
          w={170}
          aria-label={t("failures.order")}
          data={ORDERS.map((value) => ({ value, label: t(`failures.orders.${value}`) }))}
          value={order}
          allowDeselect={false}
          onChange={(value) => set({ order: value === "most" ? null : value })}
        />
        {oldest ? (
          <span className="dim" aria-live="polite">
            {t("failures.looked", { count: failures.length })}
            {" · "}
            {t("failures.reasons", { count: groups.length })}
            {" · "}
            {t("failures.since")} <Ago at={oldest.ended_at ?? oldest.started_at} />
          </span>
        ) : null}
      </search>
      <StaleBanner
        error={list.error ?? feedError}
        readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
        onRetry={() => void list.refetch()}
      />
      {search.workflow ? <FailingNodes workflow={search.workflow} /> : null}
      {list.isPending ? (
        list.error ? null : (
          <Loading rows={8} />
        )
      ) : groups.length === 0 ? (
        <EmptyState
          title={t(isFiltered ? "failures.noneMatch" : "failures.none")}
          text={t(isFiltered ? "failures.noneMatchText" : "failures.noneText")}
        />
      ) : (
        groups.map((group) => <FailureGroupPanel key={group.key} group={group} />)
      )}
      <MoreButton of={list} />
    </PageFrame>
  );
}
