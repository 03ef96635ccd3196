import { MultiSelect } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import { usePages } from "../../api/pages";
import type { BatchMember, BatchSummary } from "../../api/types";
import { Ago, Taken } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { useSearchState } from "../../components/useSearchState";
import { isStatus, STATUSES, statusOf } from "../../model/status";
import classes from "./Batches.module.css";

const PAGE = 100;

/** The executions of a batch in their order. */
export function Members({ batch }: { batch: BatchSummary }) {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const statuses = (search.status ?? "").split(",").filter(isStatus);
  const key = ["batches", "members", batch.id, statuses.join()];
  const members = usePages(key, (after, signal) =>
    get("/api/v1/batches/{batch_id}/members", {
      path: { batch_id: batch.id },
      query: {
        limit: PAGE,
        ...(statuses.length > 0 ? { status: statuses } : {}),
        ...after,
      },
      signal,
    }),
  );
  useFresh(["batches", "executions"], key);
  const items = members.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel
      title={t("batches.members")}
      aside={
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
      }
    >
      <StaleBanner
        error={members.error}
        readAt={members.data ? members.dataUpdatedAt : null}
        onRetry={() => void members.refetch()}
      />
      {members.isPending && !members.error ? <Loading rows={5} /> : null}
      {members.data && items.length === 0 ? (
        <span className="dim">{t("executions.noneMatch")}</span>
      ) : (
        <ol className={`${rows.list} ${classes.members}`}>
          {items.map((member) => (
            <Member key={member.id} member={member} />
          ))}
        </ol>
      )}
      <MoreButton of={members} />
    </Panel>
  );
}

function Member({ member }: { member: BatchMember }) {
  const status = statusOf(member.status);
  const ran =
    member.started_at !== null && member.ended_at !== null
      ? (Date.parse(member.ended_at) - Date.parse(member.started_at)) / 1_000
      : null;
  return (
    <li className={rows.row}>
      <span>
        <StatusBadge status={status} />
      </span>
      <Link
        to="/executions/$id"
        params={{ id: member.id }}
        preload={false}
        className={`cut ${rows.open}`}
      >
        {member.workflow}
      </Link>
      <span
        className={`${rows.reason} ${status === "failed" ? rows.failed : "dim"} ${classes.wide}`}
      >
        {member.reason}
      </span>
      <span className="dim">
        <Ago at={member.started_at} />
      </span>
      <span className="dim">
        <Taken of={{ ...member, duration_seconds: ran }} status={status} />
      </span>
    </li>
  );
}
