import { Button, CloseButton, Group, Progress, Text } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import { useFresh } from "../../api/live";
import { ActionButton } from "../../components/ActionButton";
import { useMe } from "../../components/me";
import { useProblemText } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { mayAct } from "../../model/rights";
import { isSettled, statusOf } from "../../model/status";
import classes from "./Workflows.module.css";

/** How running all goes: live counts, and how to stop it. */
export function BatchBanner({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const problemText = useProblemText();
  const key = ["batches", id];
  const batch = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/batches/{batch_id}", { path: { batch_id: id }, query: { limit: 1 }, signal }),
  });
  useFresh(["batches", "executions"], key);
  const stop = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/batches/{batch_id}/stop", {
        path: { batch_id: id },
        body: {},
      }),
    onSettled: () => batch.refetch(),
  });
  const { data } = batch;
  if (!data) return batch.error ? <Text role="alert">{problemText(batch.error)}</Text> : null;
  const status = statusOf(data.status);
  const isOver = isSettled(status) || data.left === 0;
  const share = (count: number) => (100 * count) / Math.max(1, data.total);
  return (
    <section className={`panel ${classes.batch}`} aria-label={data.name}>
      <Group justify="space-between">
        <Group gap="sm">
          <StatusBadge status={status} />
          <Link to="/executions" search={{ batch: id }} className="link">
            {data.name}
          </Link>
          <Text size="sm" className="number" aria-live="polite">
            {t("batch.counts", {
              completed: data.completed,
              failed: data.failed,
              cancelled: data.cancelled,
              notRun: data.not_run,
              total: data.total,
            })}
          </Text>
        </Group>
        <Group gap="xs">
          {isOver ? null : (
            <ActionButton
              hindrance={mayAct(me.role, "operator") ? null : "role"}
              leftSection={<IconPlayerStop size={14} />}
              loading={stop.isPending}
              disabled={data.stop_asked_at !== null}
              onClick={() => stop.mutate()}
            >
              {t(data.stop_asked_at ? "batch.stopping" : "batch.stop")}
            </ActionButton>
          )}
          {isOver ? (
            <CloseButton onClick={onClose} aria-label={t("batch.close")} />
          ) : (
            <Button size="xs" variant="subtle" onClick={onClose}>
              {t("batch.hide")}
            </Button>
          )}
        </Group>
      </Group>
      <Progress.Root size="sm" aria-hidden="true">
        <Progress.Section value={share(data.completed)} color="var(--status-completed)" />
        <Progress.Section value={share(data.failed)} color="var(--status-failed)" />
        <Progress.Section
          value={share(data.cancelled + data.not_run)}
          color="var(--status-cancelled)"
        />
      </Progress.Root>
      {stop.error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(stop.error)}
        </Text>
      ) : null}
    </section>
  );
}
