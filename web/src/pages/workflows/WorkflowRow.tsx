import { Switch, Tooltip } from "@mantine/core";
import { IconGripVertical, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { WorkflowSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { Ago, Taken } from "../../components/Moment";
import { useProblemText } from "../../components/States";
import { StatusBadge, StatusCounts } from "../../components/Status";
import type { Hindrance } from "../../model/rights";
import { type Status, statusOf } from "../../model/status";
import classes from "./Workflows.module.css";

/** One workflow: how it fared lately, and what may be done with it. */
export function WorkflowRow({
  workflow,
  hindrance,
  isOver,
  onRun,
  onMove,
  onDrag,
  onDrop,
  onChange,
}: {
  workflow: WorkflowSummary;
  hindrance: Hindrance;
  isOver: boolean;
  onRun: () => void;
  onMove: (by: 1 | -1) => void;
  onDrag: () => void;
  onDrop: () => void;
  onChange: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const { name, kind, recent, last_run: last } = workflow;
  const toggle = useMutation({
    mutationFn: (active: boolean) =>
      change("patch", "/api/v1/workflows/{name}", {
        path: { name },
        query: { kind: kind as "graph" },
        body: { active },
      }),
    onSettled: onChange,
  });
  const counts = new Map<Status, number>(
    (["completed", "failed", "cancelled"] as const)
      .map((status) => [status, recent[status]] as const)
      .filter(([, count]) => count > 0),
  );
  const isOwn = kind === "graph";
  return (
    <li
      className={classes.row}
      data-over={isOver}
      data-off={!workflow.active}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        onDrop();
      }}
    >
      <Tooltip label={t("workflows.moveKeys")}>
        <button
          type="button"
          className={classes.grip}
          draggable={hindrance === null}
          aria-label={t("workflows.move", { workflow: name })}
          onDragStart={onDrag}
          onKeyDown={(event) => {
            if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return;
            event.preventDefault();
            onMove(event.key === "ArrowUp" ? -1 : 1);
          }}
        >
          <IconGripVertical size={16} />
        </button>
      </Tooltip>
      <span className={classes.name}>
        <Link
          to="/workflows/$name"
          params={{ name }}
          search={kind === "graph" ? {} : { kind }}
          preload={false}
          className={`cut ${classes.open}`}
        >
          {name}
        </Link>
        <span className="cut dim">
          {t(`kind.${kind as "graph"}`)}
          {workflow.version ? ` · ${t("execution.version", { version: workflow.version })}` : ""}
          {workflow.description ? ` · ${workflow.description}` : ""}
        </span>
      </span>
      <span className={classes.last}>
        {last ? (
          <Link
            to="/executions/$id"
            params={{ id: last.id }}
            preload={false}
            className={classes.lastLink}
          >
            <StatusBadge status={statusOf(last.status)} />
            <span className="dim">
              <Ago at={last.started_at ?? last.created_at} />
            </span>
            <span className="dim">
              <Taken of={last} status={statusOf(last.status)} />
            </span>
          </Link>
        ) : (
          <span className="dim">{t("workflows.neverRan")}</span>
        )}
      </span>
      <span className={classes.recent} title={t("workflows.recent")}>
        <StatusCounts counts={counts} />
      </span>
      <span className={classes.actions}>
        {toggle.error ? <span role="alert">{problemText(toggle.error)}</span> : null}
        <Switch
          size="sm"
          checked={workflow.active}
          disabled={hindrance !== null || toggle.isPending}
          aria-label={t("workflows.switch", { workflow: name })}
          onChange={(event) => toggle.mutate(event.currentTarget.checked)}
        />
        <ActionButton
          hindrance={hindrance ?? (isOwn ? null : "foreign")}
          leftSection={<IconPlayerPlay size={14} />}
          onClick={onRun}
        >
          {t("workflows.run")}
        </ActionButton>
      </span>
    </li>
  );
}
