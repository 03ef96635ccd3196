import { NumberInput, Stack, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import { feed } from "../../api/feed";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Problem } from "../../components/Panel";

const MOST_NAMED = 500;
const MOST_AT_ONCE = 64;

/** Run every active graph in its order, so many at once, after saying which those are. */
export function RunAllDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [parallel, setParallel] = useState(1);
  const active = useQuery({
    queryKey: ["workflows", "to-run"],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows", {
        query: { kind: "graph", active: true, limit: MOST_NAMED, fields: "name" },
        signal,
      }),
    gcTime: 0,
  });
  const run = useMutation({
    mutationFn: () => change("post", "/api/v1/batches/run-all", { body: { parallel } }),
    onSuccess: (batch) => {
      feed.ask();
      void navigate({ to: "/batches/$id", params: { id: batch.id } });
    },
  });
  const names = active.data?.items.map((each) => each.name) ?? [];
  const count = names.length;
  return (
    <ConfirmDialog
      title={t("workflows.runAll")}
      text={t("workflows.runAllText", { count })}
      action={t("workflows.runAllConfirm", { count })}
      isBusy={run.isPending}
      isDisabled={count === 0}
      onConfirm={() => run.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <Text size="sm" className="dim" lineClamp={3}>
          {names.join(", ")}
        </Text>
        <NumberInput
          label={t("batches.parallel")}
          min={1}
          max={MOST_AT_ONCE}
          value={parallel}
          onChange={(value) => setParallel(Math.max(1, Number(value) || 1))}
        />
        <Problem error={run.error ?? active.error} />
      </Stack>
    </ConfirmDialog>
  );
}
