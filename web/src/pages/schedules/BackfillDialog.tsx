import { Checkbox, Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { ScheduleSummary } from "../../api/types";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Problem } from "../../components/Panel";
import { localInput, momentOf } from "../../model/zones";
import { ComingFires } from "./ComingFires";

const TYPING_PAUSE_MS = 300;
const SHOWN = 5;
const MOST_AT_ONCE = 64;
const DAY = 86_400_000;

/** Run due times of the past after the fact, as a batch, after saying which those are. */
export function BackfillDialog({
  schedule,
  onClose,
}: {
  schedule: ScheduleSummary;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const zone = schedule.timezone;
  const [since, setSince] = useState(() => localInput(Date.now() - DAY, zone));
  const [until, setUntil] = useState(() => localInput(Date.now(), zone));
  const [parallel, setParallel] = useState(1);
  const [again, setAgain] = useState(false);
  const [from, to] = [momentOf(since, zone), momentOf(until, zone)];
  const body =
    from === null || to === null
      ? null
      : { since: new Date(from).toISOString(), until: new Date(to).toISOString(), again };
  const [asked] = useDebouncedValue(JSON.stringify(body), TYPING_PAUSE_MS);
  const path = { schedule: schedule.id };
  const preview = useQuery({
    queryKey: ["backfill-preview", schedule.id, asked],
    queryFn: ({ signal }) =>
      change("post", "/api/v1/schedules/{schedule}/backfill/preview", {
        path,
        body: JSON.parse(asked) as NonNullable<typeof body>,
        signal,
      }),
    enabled: asked !== "null",
    gcTime: 0,
  });
  const run = useMutation({
    mutationFn: async () =>
      body === null
        ? null
        : change("post", "/api/v1/schedules/{schedule}/backfill", {
            path,
            body: { ...body, parallel },
          }),
    onSuccess: (batch) => {
      if (batch) void navigate({ to: "/batches/$id", params: { id: batch.id } });
    },
  });
  const due = preview.data?.due ?? [];
  return (
    <ConfirmDialog
      title={t("schedules.backfillTitle", { name: schedule.name })}
      text={t("schedules.backfillText", { zone })}
      action={t("schedules.backfillConfirm", { count: due.length })}
      isBusy={run.isPending}
      isDisabled={due.length === 0 || preview.isFetching}
      onConfirm={() => run.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Group grow>
          <TextInput
            type="datetime-local"
            label={t("schedules.since")}
            value={since}
            onChange={(event) => setSince(event.currentTarget.value)}
          />
          <TextInput
            type="datetime-local"
            label={t("schedules.until")}
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        </Group>
        <NumberInput
          label={t("batches.parallel")}
          min={1}
          max={MOST_AT_ONCE}
          value={parallel}
          onChange={(value) => setParallel(Math.max(1, Number(value) || 1))}
        />
        <Checkbox
          label={t("schedules.again")}
          checked={again}
          onChange={(event) => setAgain(event.currentTarget.checked)}
        />
        {preview.data ? (
          <>
            <Text size="sm" aria-live="polite">
              {t("schedules.due", { count: due.length, done: preview.data.done })}
            </Text>
            <ComingFires fires={due.slice(0, SHOWN)} zone={zone} />
            {due.length > SHOWN ? (
              <Text size="sm" className="dim">
                {t("schedules.andMore", { count: due.length - SHOWN })}
              </Text>
            ) : null}
          </>
        ) : null}
        <Problem error={run.error ?? preview.error} />
      </Stack>
    </ConfirmDialog>
  );
}
