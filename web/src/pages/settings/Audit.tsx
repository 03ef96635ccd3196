import { Select } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePages } from "../../api/pages";
import type { AuditEntry } from "../../api/types";
import { CommittedText } from "../../components/CommittedText";
import { JsonBlock } from "../../components/JsonBlock";
import { At } from "../../components/Moment";
import { MoreButton } from "../../components/MoreButton";
import { OnlyFor } from "../../components/OnlyFor";
import { Panel, Pill } from "../../components/Panel";
import { usePreferences } from "../../components/preferences";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { RANGES, sinceOf } from "../../model/filters";
import classes from "./Settings.module.css";

const PAGE = 50;
const NAMES = ["actor", "action", "target"] as const;

/** Who asked for which change, the latest first. */
export function Audit() {
  const { t } = useTranslation();
  return (
    <OnlyFor needed="admin" title={t("settings.tabs.audit")}>
      {() => <AuditLog />}
    </OnlyFor>
  );
}

function AuditLog() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  const range = RANGES.find((each) => each === search.range) ?? null;
  const since = useMemo(
    () => (range === null ? null : sinceOf(range, Date.now(), zone)),
    [range, zone],
  );
  const query = {
    limit: PAGE,
    ...Object.fromEntries(NAMES.flatMap((name) => (search[name] ? [[name, search[name]]] : []))),
    ...(since === null ? {} : { since }),
  };
  const entries = usePages(["audit", JSON.stringify(query)], (after, signal) =>
    get("/api/v1/audit", {
      query: { ...query, ...after },
      signal,
    }),
  );
  const items = entries.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t("settings.tabs.audit")}>
      <search className={rows.filters}>
        {NAMES.map((name) => (
          <CommittedText
            key={name}
            label={t(`audit.${name}`)}
            value={search[name] ?? ""}
            onCommit={(value) => set({ [name]: value })}
          />
        ))}
        <Select
          size="xs"
          w={150}
          placeholder={t("audit.range")}
          aria-label={t("audit.range")}
          data={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
          value={range}
          onChange={(value) => set({ range: value })}
          clearable
        />
      </search>
      <StaleBanner
        error={entries.error}
        readAt={entries.data ? entries.dataUpdatedAt : null}
        onRetry={() => void entries.refetch()}
      />
      {entries.isPending && !entries.error ? <Loading rows={6} /> : null}
      {entries.data && items.length === 0 ? (
        <span className="dim">{t("audit.none")}</span>
      ) : (
        <ol className={`${rows.list} ${classes.entries}`}>
          {items.map((entry) => (
            <Entry key={entry.id} entry={entry} />
          ))}
        </ol>
      )}
      <MoreButton of={entries} />
    </Panel>
  );
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const code = entry.status_code;
  const isGood = code !== null && code < 400;
  return (
    <li className={rows.row}>
      <At at={entry.at} />
      <span className={rows.stack}>
        <strong className="cut">{entry.actor}</strong>
        <span className="dim cut" title={entry.user_agent ?? ""}>
          {entry.address}
        </span>
      </span>
      <span className="mono">{entry.action}</span>
      <span className={rows.stack}>
        <span className={rows.reason}>{entry.target}</span>
        {entry.data === null || entry.data === undefined ? null : (
          <details>
            <summary>{t("audit.data")}</summary>
            <JsonBlock title={t("audit.data")} value={entry.data} />
          </details>
        )}
      </span>
      <Pill
        like={code === null ? "lost" : isGood ? "completed" : "failed"}
        words={code === null ? t("audit.open") : String(code)}
      />
    </li>
  );
}
