import { ActionIcon, Checkbox, Group, Menu, Stack, Text, TextInput } from "@mantine/core";
import {
  IconDotsVertical,
  IconDownload,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRotateClockwise,
  IconTrash,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { addressTo, change } from "../../api/client";
import { feed } from "../../api/feed";
import type { ExecutionDetail } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { useProblemText } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { mayCancel, mayDelete, mayRerun } from "../../model/rights";
import type { Status } from "../../model/status";
import { RerunDialog } from "./RerunDialog";

type Asked = "rerun" | "cancel" | "delete" | null;

/** What may be done with an execution; what may not says why. */
export function Actions({
  execution,
  status,
  onChange,
}: {
  execution: ExecutionDetail;
  status: Status;
  onChange: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const problemText = useProblemText();
  const [asked, setAsked] = useState<Asked>(null);
  const acted = { status, isOwn: execution.graph !== null };
  const isPaused = Boolean(execution.graph?.paused_at);
  const path = { execution: execution.id };
  const pause = useMutation({
    mutationFn: async (): Promise<void> => {
      if (isPaused) await change("post", "/api/v1/executions/{execution}/resume", { path });
      else await change("post", "/api/v1/executions/{execution}/pause", { path });
    },
    onSettled: onChange,
  });
  const hindrances = {
    cancel: mayCancel(me.role, acted),
    rerun: mayRerun(me.role, acted),
    delete: mayDelete(me.role, acted),
  };
  const ask = (what: Exclude<Asked, null>) => {
    if (hindrances[what] === null) setAsked(what);
  };
  useShortcuts(t("execution.actions"), [
    { keys: "r", words: t("execution.rerun"), run: () => ask("rerun") },
    { keys: "c", words: t("execution.cancel"), run: () => ask("cancel") },
  ]);
  return (
    <div>
      <Group gap="xs">
        <ActionButton
          hindrance={hindrances.rerun}
          keys="r"
          leftSection={<IconRotateClockwise size={15} />}
          onClick={() => setAsked("rerun")}
        >
          {t("execution.rerun")}
        </ActionButton>
        {acted.isOwn && hindrances.cancel !== "settled" ? (
          <ActionButton
            hindrance={hindrances.cancel}
            leftSection={isPaused ? <IconPlayerPlay size={15} /> : <IconPlayerPause size={15} />}
            loading={pause.isPending}
            onClick={() => pause.mutate()}
          >
            {t(isPaused ? "execution.resume" : "execution.pause")}
          </ActionButton>
        ) : null}
        <ActionButton
          hindrance={hindrances.cancel}
          keys="c"
          leftSection={<IconPlayerStop size={15} />}
          onClick={() => setAsked("cancel")}
        >
          {t("execution.cancel")}
        </ActionButton>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon variant="default" size={30} aria-label={t("execution.more")}>
              <IconDotsVertical size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              component="a"
              href={addressTo("/api/v1/executions/{execution}/bundle", { path })}
              download={`${execution.id}.jsonl`}
              leftSection={<IconDownload size={15} />}
            >
              {t("execution.bundle")}
            </Menu.Item>
            <Menu.Item
              leftSection={<IconTrash size={15} />}
              disabled={hindrances.delete !== null}
              onClick={() => setAsked("delete")}
            >
              {t("execution.delete")}
              {hindrances.delete ? (
                <Text size="xs" className="dim">
                  {t(`hindrance.${hindrances.delete}`)}
                </Text>
              ) : null}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Group>
      {pause.error ? (
        <Text size="xs" c="red" role="alert">
          {problemText(pause.error)}
        </Text>
      ) : null}
      {asked === "rerun" ? (
        <RerunDialog execution={execution} from={null} onClose={() => setAsked(null)} />
      ) : null}
      {asked === "cancel" ? (
        <CancelDialog execution={execution} onChange={onChange} onClose={() => setAsked(null)} />
      ) : null}
      {asked === "delete" ? (
        <DeleteDialog execution={execution} onClose={() => setAsked(null)} />
      ) : null}
    </div>
  );
}

function CancelDialog({
  execution,
  onChange,
  onClose,
}: {
  execution: ExecutionDetail;
  onChange: () => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [reason, setReason] = useState("");
  const [kill, setKill] = useState(false);
  const cancel = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/executions/{execution}/cancel", {
        path: { execution: execution.id },
        body: { kill, reason: reason.trim() || null },
      }),
    onSuccess: () => {
      onChange();
      onClose();
    },
  });
  return (
    <ConfirmDialog
      title={t("execution.cancelTitle")}
      text={t("execution.cancelText", { workflow: execution.workflow })}
      action={t("execution.cancelConfirm")}
      isDangerous
      isBusy={cancel.isPending}
      onConfirm={() => cancel.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <TextInput
          label={t("bulk.reason")}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Checkbox
          label={t("execution.kill")}
          checked={kill}
          onChange={(event) => setKill(event.currentTarget.checked)}
        />
        {cancel.error ? (
          <Text size="sm" c="red" role="alert">
            {problemText(cancel.error)}
          </Text>
        ) : null}
      </Stack>
    </ConfirmDialog>
  );
}

function DeleteDialog({ execution, onClose }: { execution: ExecutionDetail; onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const remove = useMutation({
    mutationFn: () =>
      change("delete", "/api/v1/executions/{execution}", { path: { execution: execution.id } }),
    onSuccess: () => {
      feed.ask();
      void navigate({ to: "/executions" });
    },
  });
  return (
    <ConfirmDialog
      title={t("execution.deleteTitle")}
      text={t("execution.deleteText", {
        count: execution.nodes_total,
        lines: execution.log_lines.toLocaleString(),
      })}
      action={t("execution.deleteConfirm")}
      isDangerous
      isBusy={remove.isPending}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      {remove.error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(remove.error)}
        </Text>
      ) : null}
    </ConfirmDialog>
  );
}
