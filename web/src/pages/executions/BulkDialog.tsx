import { Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { feed } from "../../api/feed";
import type { ExecutionSummary } from "../../api/types";
import { BulkProgress } from "../../components/BulkProgress";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { useProblemText } from "../../components/States";
import { actOnEach, type BulkState, begun } from "../../model/bulk";
import type { ExecutionQuery } from "../../model/filters";
import { act, type BulkAction, countOf, deleteMatching, fits, matching } from "./bulkActions";

/** Names what will be done to how many, does it, and says how that went. */
export function BulkDialog({
  action,
  isAll,
  chosen,
  query,
  onClose,
}: {
  action: BulkAction;
  isAll: boolean;
  chosen: readonly ExecutionSummary[];
  query: ExecutionQuery;
  onClose: (isDone: boolean) => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [reason, setReason] = useState("");
  const [state, setState] = useState<BulkState | null>(null);
  const stop = useRef(new AbortController());
  useEffect(() => () => stop.current.abort(), []);
  const fitting = chosen.filter((row) => fits(action, row)).map((row) => row.id);
  const preview = useQuery({
    queryKey: ["executions", "preview", action, JSON.stringify(query)],
    queryFn: async ({ signal }) => {
      if (action === "delete") {
        const count = await countOf(query, signal);
        return { number: count.deletable, isWhole: count.complete };
      }
      const ids = await matching(action, query, signal);
      return { number: ids.length, isWhole: true };
    },
    enabled: isAll,
    gcTime: 0,
  });
  const number = isAll ? (preview.data?.number ?? 0) : fitting.length;
  const left = isAll ? 0 : chosen.length - fitting.length;
  const run = useMutation({
    mutationFn: async () => {
      const { signal } = stop.current;
      if (isAll && action === "delete") {
        const tell = (done: number) => setState({ ...begun(Math.max(number, done)), done });
        tell(await deleteMatching(query, tell, signal));
      } else {
        const ids = isAll ? await matching(action, query, signal) : fitting;
        setState(begun(ids.length));
        await actOnEach(ids, (id) => act(action, id, reason), problemText, setState, signal);
      }
    },
    onSettled: () => feed.ask(),
  });
  const isDone = run.isSuccess;
  return (
    <ConfirmDialog
      title={t(`bulk.${action}.title`)}
      text={
        isAll && preview.isPending
          ? t("bulk.counting")
          : t(`bulk.${action}.text`, { count: number, number: number.toLocaleString() })
      }
      action={isDone ? t("common.done") : t(`bulk.${action}.confirm`, { count: number })}
      isDangerous={action !== "rerun" && !isDone}
      isBusy={run.isPending}
      isDisabled={!isDone && number === 0}
      onConfirm={() => (isDone ? onClose(true) : run.mutate())}
      onClose={() => onClose(isDone)}
    >
      <Stack gap="xs">
        {left > 0 ? (
          <Text size="sm" className="dim">
            {t(`bulk.${action}.left`, { count: left })}
          </Text>
        ) : null}
        {preview.data && !preview.data.isWhole ? (
          <Text size="sm" className="dim">
            {t("bulk.steps")}
          </Text>
        ) : null}
        {action === "cancel" && !isDone ? (
          <TextInput
            label={t("bulk.reason")}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <BulkProgress state={state} />
        {run.error || preview.error ? (
          <Text size="sm" c="red" role="alert">
            {problemText(run.error ?? preview.error)}
          </Text>
        ) : null}
      </Stack>
    </ConfirmDialog>
  );
}
