import { Checkbox, Stack } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import type { BatchSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useMe } from "../../components/me";
import { Problem } from "../../components/Panel";
import { unlessRole } from "../../model/rights";

/** Stops a batch after saying what that does to how many; not there when it is over. */
export function StopButton({ batch }: { batch: BatchSummary }) {
  const { t } = useTranslation();
  const me = useMe();
  const client = useQueryClient();
  const [isAsked, setIsAsked] = useState(false);
  const [kill, setKill] = useState(false);
  const stop = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/batches/{batch_id}/stop", {
        path: { batch_id: batch.id },
        body: { kill },
      }),
    onSuccess: () => {
      setIsAsked(false);
      feed.ask();
      return client.refetchQueries({ queryKey: ["batches"], type: "active" });
    },
  });
  if (batch.ended_at !== null) return null;
  const isStopping = batch.stop_asked_at !== null;
  return (
    <>
      <ActionButton
        hindrance={isStopping ? "stopping" : unlessRole(me.role, "operator")}
        leftSection={<IconPlayerStop size={14} />}
        onClick={() => setIsAsked(true)}
      >
        {t(isStopping ? "batch.stopping" : "batch.stop")}
      </ActionButton>
      {isAsked ? (
        <ConfirmDialog
          title={t("batches.stopTitle")}
          text={t("batches.stopText", { count: batch.left, name: batch.name })}
          action={t("batches.stopConfirm")}
          isDangerous
          isBusy={stop.isPending}
          onConfirm={() => stop.mutate()}
          onClose={() => setIsAsked(false)}
        >
          <Stack gap="sm">
            <Checkbox
              label={t("execution.kill")}
              checked={kill}
              onChange={(event) => setKill(event.currentTarget.checked)}
            />
            <Problem error={stop.error} />
          </Stack>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
