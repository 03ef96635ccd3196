import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import type { StorageUse } from "../../api/types";
import { Ago } from "../../components/Moment";
import { PageFrame } from "../../components/PageFrame";
import { type Fact, Facts, Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { formatBytes } from "../../model/sizes";
import { DeleteOld } from "./DeleteOld";
import classes from "./Storage.module.css";

const REFRESH_MS = 60_000;
const FIRST_TABLES = 6;

/** What the ledger holds and takes up, what waits to come into it, and how to make room. */
export function Storage() {
  const { t } = useTranslation();
  usePageTitle(t("nav.storage"));
  const use = useQuery({
    queryKey: ["storage"],
    queryFn: ({ signal }) => get("/api/v1/storage", { signal }),
    refetchInterval: REFRESH_MS,
  });
  return (
    <PageFrame title={t("nav.storage")}>
      <StaleBanner
        error={use.error}
        readAt={use.data ? use.dataUpdatedAt : null}
        onRetry={() => void use.refetch()}
      />
      {use.data ? (
        <>
          <Ledger use={use.data} />
          <DeleteOld onDeleted={() => void use.refetch()} />
          <Tables tables={use.data.tables} />
          <Spools spools={use.data.spools} />
        </>
      ) : use.error ? null : (
        <Loading rows={8} />
      )}
    </PageFrame>
  );
}

function Ledger({ use }: { use: StorageUse }) {
  const { t } = useTranslation();
  const facts: Fact[] = [
    [t("storage.size"), formatBytes(use.size_bytes)],
    [t("storage.free"), use.free_bytes > 0 ? formatBytes(use.free_bytes) : null],
    [t("storage.executions"), use.executions.toLocaleString()],
    [
      t("storage.oldest"),
      use.oldest_execution_at ? <Ago key="o" at={use.oldest_execution_at} /> : null,
    ],
    [
      t("storage.newest"),
      use.newest_execution_at ? <Ago key="n" at={use.newest_execution_at} /> : null,
    ],
    [
      t("storage.dropped"),
      <span key="d" className={use.dropped_events > 0 ? classes.dropped : undefined}>
        {use.dropped_events.toLocaleString()}
      </span>,
    ],
  ];
  return (
    <Panel title={t("storage.ledger", { database: use.database })}>
      <Facts facts={facts} />
      {use.dropped_events > 0 ? <span className="dim">{t("storage.droppedText")}</span> : null}
    </Panel>
  );
}

function Tables({ tables }: { tables: StorageUse["tables"] }) {
  const { t } = useTranslation();
  const sorted = [...tables].sort((one, other) => (other.size_bytes ?? 0) - (one.size_bytes ?? 0));
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? sorted : sorted.slice(0, FIRST_TABLES);
  const largest = Math.max(1, ...sorted.map((each) => each.size_bytes ?? 0));
  return (
    <Panel title={t("storage.tables")}>
      <ul className={`${rows.list} ${classes.tables}`}>
        {shown.map((each) => (
          <li key={each.table} className={rows.row}>
            <span className="mono">{each.table}</span>
            <span className={classes.meter} aria-hidden="true">
              <span
                className={classes.meterBar}
                style={{ width: `${(100 * (each.size_bytes ?? 0)) / largest}%` }}
              />
            </span>
            <span className={`number ${classes.end}`}>
              {each.size_bytes === null ? t("storage.unknown") : formatBytes(each.size_bytes)}
            </span>
            <span className={`dim number ${classes.end}`}>
              {each.rows === null
                ? null
                : t("storage.rows", { count: each.rows, number: each.rows.toLocaleString() })}
              {each.partitions > 1
                ? ` · ${t("storage.partitions", { count: each.partitions })}`
                : ""}
            </span>
          </li>
        ))}
      </ul>
      {shown.length < sorted.length ? (
        <div>
          <Button size="xs" variant="default" onClick={() => setIsWhole(true)}>
            {t("storage.allTables", { count: sorted.length })}
          </Button>
        </div>
      ) : null}
    </Panel>
  );
}

function Spools({ spools }: { spools: StorageUse["spools"] }) {
  const { t } = useTranslation();
  return (
    <Panel title={t("storage.spools")}>
      {spools.length === 0 ? (
        <span className="dim">{t("storage.noSpools")}</span>
      ) : (
        <ul className={`${rows.list} ${classes.tables}`}>
          {spools.map((each) => (
            <li key={each.destination} className={rows.row}>
              <span className="mono cut" title={each.destination}>
                {each.destination}
              </span>
              <span />
              <span className={`number ${classes.end}`}>{formatBytes(each.size_bytes)}</span>
              <span className={`dim number ${classes.end}`}>
                {t("storage.spoolCount", { count: each.spools })}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
