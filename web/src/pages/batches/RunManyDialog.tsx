import { NumberInput, Stack, Textarea, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import { ConfirmDialog } from "../../components/ConfirmDialog";
import { Problem } from "../../components/Panel";
import { manyInputs } from "../../model/batches";
import { WorkflowSelect } from "../executions/WorkflowSelect";

const MOST_AT_ONCE = 64;
const EXAMPLE = '{"day": "2026-01-01"}\n{"day": "2026-01-02"}';

/** Run one graph over many inputs, an execution each. */
export function RunManyDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [workflow, setWorkflow] = useState("");
  const [name, setName] = useState("");
  const [text, setText] = useState("");
  const [parallel, setParallel] = useState(1);
  const read = manyInputs(text);
  const count = read.ok ? read.inputs.length : 0;
  const run = useMutation({
    mutationFn: async () =>
      read.ok
        ? change("post", "/api/v1/batches", {
            body: { workflow, inputs: read.inputs, parallel, name: name.trim() || null },
          })
        : null,
    onSuccess: (batch) => {
      feed.ask();
      if (batch) void navigate({ to: "/batches/$id", params: { id: batch.id } });
    },
  });
  return (
    <ConfirmDialog
      title={t("batches.manyTitle")}
      text={t("batches.manyText")}
      action={t("batches.manyConfirm", { count })}
      isBusy={run.isPending}
      isDisabled={workflow === "" || count === 0}
      onConfirm={() => run.mutate()}
      onClose={onClose}
    >
      <Stack gap="sm">
        <WorkflowSelect
          label={t("schedules.workflow")}
          kind="graph"
          value={workflow}
          onChange={setWorkflow}
        />
        <Textarea
          label={t("batches.inputs")}
          description={t("batches.inputsText")}
          placeholder={EXAMPLE}
          autosize
          minRows={4}
          maxRows={14}
          classNames={{ input: "mono" }}
          value={text}
          error={read.ok ? null : t("rerun.noObject", { line: read.line })}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          label={t("batches.name")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <NumberInput
          label={t("batches.parallel")}
          min={1}
          max={MOST_AT_ONCE}
          value={parallel}
          onChange={(value) => setParallel(Math.max(1, Number(value) || 1))}
        />
        <Problem error={run.error} />
      </Stack>
    </ConfirmDialog>
  );
}
