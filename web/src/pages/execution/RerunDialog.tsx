import { Button, Group, JsonInput, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import type { ExecutionDetail, RerunMode, RerunPreview } from "../../api/types";
import { useProblemText } from "../../components/States";
import { changesOf, parseObject, pretty } from "../../model/jsonText";
import classes from "./Execution.module.css";

const MOST_NAMED = 12;

/** Run again: whole, from what did not complete, or from a node; with other inputs; previewed. */
export function RerunDialog({
  execution,
  from,
  onClose,
}: {
  execution: ExecutionDetail;
  /** The node to run again from; null where the whole is looked at. */
  from: string | null;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const problemText = useProblemText();
  const hasFailed = execution.status !== "completed";
  const [mode, setMode] = useState<RerunMode>(
    from !== null ? "from_nodes" : hasFailed ? "failed" : "whole",
  );
  const before = parseObject(pretty(execution.input ?? {}));
  const [text, setText] = useState(pretty(execution.input ?? {}));
  const parsed = parseObject(text);
  const inputs =
    parsed.ok && before.ok
      ? changesOf(before.value, parsed.value)
      : ({} as Record<string, unknown>);
  const body = { mode, nodes: mode === "from_nodes" && from ? [from] : [], inputs, edits: {} };
  const [asked] = useDebouncedValue(JSON.stringify(body), 250);
  const preview = useQuery({
    queryKey: ["rerun-preview", execution.id, asked],
    queryFn: ({ signal }) =>
      change("post", "/api/v1/executions/{execution}/rerun-preview", {
        path: { execution: execution.id },
        body: JSON.parse(asked) as typeof body,
        signal,
      }),
    enabled: parsed.ok,
    gcTime: 0,
  });
  const rerun = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/executions/{execution}/rerun", {
        path: { execution: execution.id },
        body,
      }),
    onSuccess: (made) => {
      feed.ask();
      onClose();
      void navigate({ to: "/executions/$id", params: { id: made.id } });
    },
  });
  const modes: RerunMode[] = [
    ...(from === null ? [] : (["from_nodes"] as const)),
    ...(hasFailed ? (["failed"] as const) : []),
    "whole",
  ];
  const error = rerun.error ?? preview.error;
  return (
    <Modal opened onClose={onClose} title={t("rerun.title")} size="lg">
      <Stack>
        <SegmentedControl
          aria-label={t("rerun.title")}
          data={modes.map((value) => ({
            value,
            label: t(`rerun.mode.${value}`, { node: from ?? "" }),
          }))}
          value={mode}
          onChange={(value) => setMode(value as RerunMode)}
        />
        <JsonInput
          label={t("rerun.inputs")}
          description={t("rerun.inputsText")}
          value={text}
          onChange={setText}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: "mono" }}
          error={parsed.ok ? null : t("rerun.noObject", { line: parsed.line })}
        />
        {preview.data ? <Plan preview={preview.data} /> : null}
        {error ? (
          <Text size="sm" c="red" role="alert">
            {problemText(error)}
          </Text>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.back")}
          </Button>
          <Button
            loading={rerun.isPending}
            disabled={!parsed.ok || preview.isError}
            onClick={() => rerun.mutate()}
          >
            {t("rerun.confirm")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

function Plan({ preview }: { preview: RerunPreview }) {
  const { t } = useTranslation();
  return (
    <section className={classes.plan} aria-label={t("rerun.preview")} aria-live="polite">
      {(["run", "reused", "skipped"] as const).map((what) => {
        const nodes = preview[what];
        if (nodes.length === 0) return null;
        return (
          <div key={what}>
            <Text size="sm" fw={600}>
              {t(`rerun.${what}`, { count: nodes.length })}
            </Text>
            <Text size="sm" className="dim">
              {nodes
                .slice(0, MOST_NAMED)
                .map((each) => each.node)
                .join(", ")}
              {nodes.length > MOST_NAMED ? " …" : ""}
            </Text>
          </div>
        );
      })}
    </section>
  );
}
