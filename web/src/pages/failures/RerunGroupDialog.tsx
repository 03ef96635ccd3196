import { Radio, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import { BulkProgress } from "../../components/BulkProgress";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useProblemText } from "../../components/States";
import { actOnEach, type BulkState, begun } from "../../model/bulk";

const MODES = ["failed", "whole"] as const;

/** Run what failed for one reason again, after saying how many that are. */
export function RerunGroupDialog({
  ids,
  left,
  onClose,
}: {
  ids: readonly string[];
  /** So many are run by somebody else. */
  left: number;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [mode, setMode] = useState<(typeof MODES)[number]>("failed");
  const [state, setState] = useState<BulkState | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const run = useMutation({
    mutationFn: () => {
      setState(begun(ids.length));
      const rerun = async (execution: string) => {
        await change("post", "/api/v1/executions/{execution}/rerun", {
          path: { execution },
          body: { mode },
        });
      };
      return actOnEach(ids, rerun, problemText, setState, stop.current.signal);
    },
    onSettled: () => feed.ask(),
  });
  const count = ids.length;
  return (
    <ConfirmDialog
      title={t("failures.rerun")}
      text={t("failures.rerunText", { count, number: count.toLocaleString() })}
      action={run.isSuccess ? t("common.done") : t("bulk.rerun.confirm", { count })}
      isBusy={run.isPending}
      onConfirm={() => (run.isSuccess ? onClose() : run.mutate())}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Radio.Group
          label={t("failures.what")}
          value={mode}
          onChange={(value) => setMode(MODES.find((each) => each === value) ?? "failed")}
        >
          <Stack gap="xs" mt="xs">
            {MODES.map((each) => (
              <Radio key={each} value={each} label={t(`rerun.mode.${each}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {left > 0 ? (
          <Text size="sm" className="dim">
            {t("bulk.rerun.left", { count: left })}
          </Text>
        ) : null}
        <BulkProgress state={state} />
      </Stack>
    </ConfirmDialog>
  );
}
