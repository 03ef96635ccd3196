import { ActionIcon, CopyButton, Group, Title, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ExecutionDetail } from "../../api/types";
import { Ago, At, Taken } from "../../components/Moment";
import { ProgressBar } from "../../components/Progress";
import { ErrorText } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { useTriggerWord } from "../../components/useTriggerWord";
import type { Status } from "../../model/status";
import { shortId } from "../../model/uuid7";
import { Actions } from "./Actions";
import classes from "./Execution.module.css";

/** What an execution is and how it stands, and what may be done with it. */
export function ExecutionHeader({
  execution,
  status,
  onChange,
}: {
  execution: ExecutionDetail;
  status: Status;
  onChange: () => void;
}) {
  const { t } = useTranslation();
  const triggerWord = useTriggerWord();
  const by = execution.metadata.triggered_by;
  const why = execution.error_message ?? execution.lost_reason;
  return (
    <header className={classes.header}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <div className={classes.titles}>
          <div className={classes.crumbs}>
            <Link to="/executions" className="link">
              {t("nav.executions")}
            </Link>
            <span aria-hidden="true">{"/"}</span>
            <span className="mono" title={execution.id}>
              {shortId(execution.id)}
            </span>
            <CopyButton value={execution.id}>
              {({ copied, copy }) => (
                <Tooltip label={t(copied ? "common.copied" : "execution.copyId")}>
                  <ActionIcon
                    variant="subtle"
                    color="gray"
                    size="sm"
                    onClick={copy}
                    aria-label={t("execution.copyId")}
                  >
                    {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
                  </ActionIcon>
                </Tooltip>
              )}
            </CopyButton>
          </div>
          <Group gap="sm" className={classes.titleRow}>
            <Title order={1} size="h3">
              <Link to="/executions" search={{ workflow: execution.workflow }}>
                {execution.workflow}
              </Link>
            </Title>
            <StatusBadge status={status} isLarge />
            {execution.graph?.paused_at ? (
              <span className={classes.paused}>{t("execution.paused")}</span>
            ) : null}
          </Group>
        </div>
        <Actions execution={execution} status={status} onChange={onChange} />
      </Group>
      <dl className={classes.facts}>
        <Fact name={t("execution.progress")}>
          <ProgressBar of={execution} />
        </Fact>
        <Fact name={t("execution.duration")}>
          <Taken of={execution} status={status} />
        </Fact>
        <Fact name={t("execution.started")}>
          <At at={execution.started_at} />
          {execution.started_at ? (
            <span className="dim">
              {" ("}
              <Ago at={execution.started_at} />
              {")"}
            </span>
          ) : null}
        </Fact>
        <Fact name={t("execution.trigger")}>
          {triggerWord(execution.trigger)}
          {typeof by === "string" ? ` · ${by}` : ""}
        </Fact>
        <Fact name={t("execution.kind")}>
          {t(`kind.${execution.kind as "graph"}`)}
          {execution.graph
            ? ` · ${t("execution.version", { version: execution.graph.version })}`
            : ""}
        </Fact>
        <Fact name={t("execution.recorder")}>
          {execution.recorder_host
            ? `${execution.recorder_host} · ${execution.recorder_pid ?? ""}`
            : null}
        </Fact>
        <Fact name={t("execution.tags")}>
          {execution.tags.length > 0
            ? execution.tags.map((tag) => (
                <Link key={tag} to="/executions" search={{ tag }} className={classes.tag}>
                  {tag}
                </Link>
              ))
            : null}
        </Fact>
        <Fact name={t("execution.says")}>{execution.progress_message}</Fact>
      </dl>
      {why ? <ErrorText type={execution.error_type} text={why} /> : null}
    </header>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === "") return null;
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
