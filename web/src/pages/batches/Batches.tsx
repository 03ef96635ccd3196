import { MultiSelect } from "@mantine/core";
import { IconPlayerTrackNext, IconStack2 } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { BatchSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { Ago } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { useMe } from "../../components/me";
import { PageFrame } from "../../components/PageFrame";
import rows from "../../components/Rows.module.css";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { unlessRole } from "../../model/rights";
import { isStatus, statusOf } from "../../model/status";
import { BatchBar } from "./BatchBar";
import classes from "./Batches.module.css";
import { RunAllDialog } from "./RunAllDialog";
import { RunManyDialog } from "./RunManyDialog";
import { StopButton } from "./StopButton";

const PAGE = 50;
const STATUSES = ["pending", "running", "completed", "failed", "cancelled"] as const;
const HOW_TO_RUN = "everyrun batch run-all";

/** Executions that were started as one, newest first: how far they are, and how to stop them. */
export function Batches() {
  const { t } = useTranslation();
  const me = useMe();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.batches"));
  const [asked, setAsked] = useState<"all" | "many" | null>(null);
  const statuses = (search.status ?? "").split(",").filter(isStatus);
  const query = { limit: PAGE, ...(statuses.length > 0 ? { status: statuses } : {}) };
  const key = ["batches", "list", JSON.stringify(query)];
  const list = usePages(key, (after, signal) =>
    get("/api/v1/batches", {
      query: { ...query, ...after },
      signal,
    }),
  );
  useFresh(["batches"], key);
  const { error: feedError, heardAt } = useFeedState();
  const batches = list.data?.pages.flatMap((page) => page.items) ?? [];
  const hindrance = unlessRole(me.role, "operator");
  return (
    <PageFrame
      title={t("nav.batches")}
      actions={
        <>
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconPlayerTrackNext size={15} />}
            onClick={() => setAsked("all")}
          >
            {t("workflows.runAll")}
          </ActionButton>
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconStack2 size={15} />}
            onClick={() => setAsked("many")}
          >
            {t("batches.many")}
          </ActionButton>
        </>
      }
    >
      <search className={rows.filters}>
        <MultiSelect
          size="xs"
          w={240}
          placeholder={statuses.length === 0 ? t("filters.status") : ""}
          aria-label={t("filters.status")}
          data={STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
          value={statuses}
          onChange={(chosen) => set({ status: chosen.join() })}
          clearable
        />
      </search>
      <StaleBanner
        error={list.error ?? feedError}
        readAt={list.data ? (heardAt ?? list.dataUpdatedAt) : null}
        onRetry={() => void list.refetch()}
      />
      {list.isPending ? (
        list.error ? null : (
          <Loading rows={6} />
        )
      ) : batches.length === 0 ? (
        <EmptyState
          title={t(statuses.length > 0 ? "batches.noneMatch" : "batches.none")}
          text={t(statuses.length > 0 ? "batches.noneMatchText" : "batches.noneText")}
          {...(statuses.length > 0 ? {} : { code: HOW_TO_RUN })}
        />
      ) : (
        <ul className={`panel ${rows.list} ${classes.list}`} aria-label={t("nav.batches")}>
          {batches.map((batch) => (
            <BatchRow key={batch.id} batch={batch} />
          ))}
        </ul>
      )}
      <MoreButton of={list} />
      {asked === "all" ? <RunAllDialog onClose={() => setAsked(null)} /> : null}
      {asked === "many" ? <RunManyDialog onClose={() => setAsked(null)} /> : null}
    </PageFrame>
  );
}

function BatchRow({ batch }: { batch: BatchSummary }) {
  return (
    <li className={rows.row}>
      <span>
        <StatusBadge status={statusOf(batch.status)} />
      </span>
      <Link
        to="/batches/$id"
        params={{ id: batch.id }}
        preload={false}
        className={`cut ${rows.open}`}
        title={batch.name}
      >
        {batch.name}
      </Link>
      <span className={classes.wide}>
        <BatchBar batch={batch} />
      </span>
      <span className="dim cut">
        <Ago at={batch.started_at ?? batch.created_at} />
        {batch.started_by ? ` · ${batch.started_by}` : ""}
      </span>
      <span className={rows.actions}>
        <StopButton batch={batch} />
      </span>
    </li>
  );
}
