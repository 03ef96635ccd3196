import { TextInput } from "@mantine/core";
import {
  IconHistory,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import type { ScheduleSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { Problem } from "../../components/Panel";
import { unlessRole } from "../../model/rights";
import { BackfillDialog } from "./BackfillDialog";
import { ScheduleDialog } from "./ScheduleDialog";

type Asked = "edit" | "pause" | "backfill" | "delete" | null;

/** What may be done with a schedule; in a list the most usual alone. */
export function ScheduleActions({
  schedule,
  isWhole,
  onDeleted,
}: {
  schedule: ScheduleSummary;
  isWhole: boolean;
  onDeleted?: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [asked, setAsked] = useState<Asked>(null);
  const hindrance = unlessRole(me.role, "operator");
  const path = { schedule: schedule.id };
  const again = () => {
    feed.ask();
    return client.refetchQueries({ queryKey: ["schedules"], type: "active" });
  };
  const resume = useMutation({
    mutationFn: () => change("post", "/api/v1/schedules/{schedule}/resume", { path }),
    onSettled: again,
  });
  const remove = useMutation({
    mutationFn: () => change("delete", "/api/v1/schedules/{schedule}", { path }),
    onSuccess: async () => {
      setAsked(null);
      if (onDeleted) onDeleted();
      else await again();
    },
  });
  const isPaused = schedule.state === "paused";
  const close = () => setAsked(null);
  return (
    <>
      <ActionButton
        hindrance={hindrance}
        leftSection={isPaused ? <IconPlayerPlay size={14} /> : <IconPlayerPause size={14} />}
        loading={resume.isPending}
        onClick={() => (isPaused ? resume.mutate() : setAsked("pause"))}
      >
        {t(isPaused ? "schedules.resume" : "schedules.pause")}
      </ActionButton>
      <ActionButton
        hindrance={hindrance}
        leftSection={<IconPencil size={14} />}
        onClick={() => setAsked("edit")}
      >
        {t("schedules.edit")}
      </ActionButton>
      {isWhole ? (
        <>
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconHistory size={14} />}
            onClick={() => setAsked("backfill")}
          >
            {t("schedules.backfill")}
          </ActionButton>
          <ActionButton
            hindrance={hindrance}
            leftSection={<IconTrash size={14} />}
            onClick={() => setAsked("delete")}
          >
            {t("schedules.delete")}
          </ActionButton>
        </>
      ) : null}
      <Problem error={resume.error} />
      {asked === "pause" ? (
        <PauseDialog schedule={schedule} onDone={again} onClose={close} />
      ) : null}
      {asked === "edit" ? (
        <ScheduleDialog schedule={schedule} onDone={again} onClose={close} />
      ) : null}
      {asked === "backfill" ? <BackfillDialog schedule={schedule} onClose={close} /> : null}
      {asked === "delete" ? (
        <ConfirmDialog
          title={t("schedules.deleteTitle")}
          text={t("schedules.deleteText", { name: schedule.name, workflow: schedule.workflow })}
          action={t("schedules.deleteConfirm")}
          isDangerous
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate()}
          onClose={close}
        >
          <Problem error={remove.error} />
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function PauseDialog({
  schedule,
  onDone,
  onClose,
}: {
  schedule: ScheduleSummary;
  onDone: () => Promise<unknown>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [reason, setReason] = useState("");
  const pause = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/schedules/{schedule}/pause", {
        path: { schedule: schedule.id },
        body: { reason: reason.trim() || null },
      }),
    onSuccess: async () => {
      onClose();
      await onDone();
    },
  });
  return (
    <ConfirmDialog
      title={t("schedules.pauseTitle")}
      text={t("schedules.pauseText", { name: schedule.name, workflow: schedule.workflow })}
      action={t("schedules.pauseConfirm")}
      isBusy={pause.isPending}
      onConfirm={() => pause.mutate()}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t("schedules.reason")}
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Problem error={pause.error} />
    </ConfirmDialog>
  );
}
