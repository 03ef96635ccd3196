import {
  ActionIcon,
  CloseButton,
  Group,
  SegmentedControl,
  Text,
  Title,
  Tooltip,
} from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconDeviceFloppy,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/problem";
import { ActionButton } from "../../components/ActionButton";
import { useProblemText } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import type { Hindrance } from "../../model/rights";
import type { Status } from "../../model/status";
import classes from "./Editor.module.css";
import type { View } from "./EditorBody";
import type { Drafting } from "./useDraft";

/** What is edited, and what may be done with it. */
export function EditorBar({
  name,
  title,
  version,
  isChanged,
  isSavable,
  isWrong,
  hindrance,
  drafting,
  save,
  view,
  run,
  onView,
  onSave,
  onRun,
  onLeaveRun,
}: {
  name: string | null;
  title: string;
  version: number;
  isChanged: boolean;
  isSavable: boolean;
  isWrong: boolean;
  hindrance: Hindrance;
  drafting: Drafting;
  save: { isPending: boolean; error: unknown };
  view: View;
  run: { id: string; status: Status } | null;
  onView: (view: View) => void;
  onSave: () => void;
  onRun: () => void;
  onLeaveRun: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const isStale = save.error instanceof ApiProblem && save.error.code === "STALE_VERSION";
  const saveHindrance = hindrance ?? (isWrong ? "invalid" : isSavable ? null : "unchanged");
  return (
    <header className={classes.bar}>
      <div className={classes.barWords}>
        <Title order={1} size="h4" className="cut">
          {name === null ? (
            title || t("editor.new")
          ) : (
            <Link to="/workflows/$name" params={{ name }} className={classes.back}>
              {title}
            </Link>
          )}
        </Title>
        <Text size="sm" className="dim" role="status">
          {version === 0 ? t("editor.unsaved") : t("execution.version", { version })}
          {isChanged ? ` · ${t("editor.changed")}` : ""}
        </Text>
      </div>
      {run ? (
        <Group gap={4} wrap="nowrap">
          <Link to="/executions/$id" params={{ id: run.id }} title={t("editor.openRun")}>
            <StatusBadge status={run.status} />
          </Link>
          <CloseButton size="sm" onClick={onLeaveRun} aria-label={t("editor.leaveRun")} />
        </Group>
      ) : null}
      {save.error && !isStale ? (
        <Text size="sm" c="red" role="alert">
          {problemText(save.error)}
        </Text>
      ) : null}
      <Group gap="xs" className={classes.tools ?? ""}>
        <SegmentedControl
          size="xs"
          aria-label={t("editor.view")}
          data={(["both", "canvas", "yaml"] as const).map((value) => ({
            value,
            label: t(`editor.views.${value}`),
          }))}
          value={view}
          onChange={onView}
        />
        <Tooltip label={`${t("editor.undo")} (Ctrl Z)`}>
          <ActionIcon
            variant="default"
            size={30}
            disabled={!drafting.canUndo}
            onClick={drafting.undo}
            aria-label={t("editor.undo")}
          >
            <IconArrowBackUp size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={`${t("editor.redo")} (Ctrl Y)`}>
          <ActionIcon
            variant="default"
            size={30}
            disabled={!drafting.canRedo}
            onClick={drafting.redo}
            aria-label={t("editor.redo")}
          >
            <IconArrowForwardUp size={16} />
          </ActionIcon>
        </Tooltip>
        <ActionButton
          hindrance={saveHindrance}
          keys="Ctrl S"
          leftSection={<IconDeviceFloppy size={15} />}
          loading={save.isPending}
          onClick={onSave}
        >
          {t("editor.save")}
        </ActionButton>
        <ActionButton
          hindrance={hindrance ?? (isWrong ? "invalid" : null)}
          variant="filled"
          leftSection={<IconPlayerPlay size={15} />}
          onClick={onRun}
        >
          {t(isSavable ? "editor.saveAndRun" : "workflows.run")}
        </ActionButton>
      </Group>
    </header>
  );
}
