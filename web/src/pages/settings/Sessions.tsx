import { Button, Switch } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import type { SessionView } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Ago } from "../../components/Moment";
import { useMe } from "../../components/me";
import { Panel, Pill, Problem } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import classes from "./Settings.module.css";

/** The browsers that are in: one's own, and for administrators those of everybody. */
export function Sessions() {
  const { t } = useTranslation();
  const me = useMe();
  const { search, set } = useSearchState();
  const [ended, setEnded] = useState<SessionView | null>(null);
  const everybody = search.everybody === "yes" && me.role === "admin";
  const sessions = useQuery({
    queryKey: ["sessions", everybody],
    queryFn: ({ signal }) => get("/api/v1/sessions", { query: { everybody }, signal }),
  });
  const end = useMutation({
    mutationFn: (id: string) =>
      change("delete", "/api/v1/sessions/{session_id}", { path: { session_id: id } }),
    onSuccess: () => {
      setEnded(null);
      return sessions.refetch();
    },
  });
  return (
    <Panel
      title={t("settings.tabs.sessions")}
      aside={
        me.role === "admin" ? (
          <Switch
            label={t("sessions.everybody")}
            checked={everybody}
            onChange={(event) => set({ everybody: event.currentTarget.checked ? "yes" : null })}
          />
        ) : null
      }
    >
      <StaleBanner
        error={sessions.error}
        readAt={sessions.data ? sessions.dataUpdatedAt : null}
        onRetry={() => void sessions.refetch()}
      />
      {sessions.isPending && !sessions.error ? <Loading rows={3} /> : null}
      <ul className={`${rows.list} ${classes.sessions}`}>
        {(sessions.data?.items ?? []).map((each) => (
          <li key={each.id} className={rows.row}>
            <span className={rows.stack}>
              <strong className="cut">{each.name}</strong>
              <span className="dim">{t(`role.${each.role}`)}</span>
            </span>
            <span className={rows.stack}>
              <span className="cut" title={each.user_agent ?? ""}>
                {each.user_agent}
              </span>
              <span className="dim">{each.address}</span>
            </span>
            <span className={rows.stack}>
              <span>
                {t("sessions.seen")} <Ago at={each.last_seen_at} />
              </span>
              <span className="dim">
                {t("sessions.opened")} <Ago at={each.opened_at} />
              </span>
            </span>
            <span className={rows.actions}>
              {each.current ? (
                <Pill like="completed" words={t("sessions.current")} />
              ) : (
                <Button size="compact-xs" variant="default" onClick={() => setEnded(each)}>
                  {t("sessions.end")}
                </Button>
              )}
            </span>
          </li>
        ))}
      </ul>
      {ended ? (
        <ConfirmDialog
          title={t("sessions.end")}
          text={t("sessions.endText", { name: ended.name })}
          action={t("sessions.end")}
          isDangerous
          isBusy={end.isPending}
          onConfirm={() => end.mutate(ended.id)}
          onClose={() => setEnded(null)}
        >
          <Problem error={end.error} />
        </ConfirmDialog>
      ) : null}
    </Panel>
  );
}
