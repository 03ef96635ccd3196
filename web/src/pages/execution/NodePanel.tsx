import { Button, CloseButton, Group, Loader, Stack, Text, Textarea, Title } from "@mantine/core";
import { IconFileText, IconRotateClockwise } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import type { ExecutionDetail, NodeAttempt, NodeDetail } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { JsonBlock } from "../../components/JsonBlock";
import { At, Seconds, Taken } from "../../components/Moment";
import { useMe } from "../../components/me";
import { ErrorText, useProblemText } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { mayAct, mayRerun } from "../../model/rights";
import { isSettled, statusOf } from "../../model/status";
import classes from "./Execution.module.css";
import { RerunDialog } from "./RerunDialog";

/** One node execution, whole: what it was given, what came of it, each attempt. */
export function NodePanel({
  execution,
  nodeId,
  onClose,
  onShowLogs,
}: {
  execution: ExecutionDetail;
  nodeId: string;
  onClose: () => void;
  onShowLogs: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const problemText = useProblemText();
  const [isRerunning, setIsRerunning] = useState(false);
  const node = useQuery({
    queryKey: ["execution", execution.id, "node", nodeId],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/nodes/{node}", {
        path: { execution: execution.id, node: nodeId },
        signal,
      }),
  });
  const { data } = node;
  const hindrance = mayRerun(me.role, {
    status: statusOf(execution.status),
    isOwn: execution.graph !== null,
  });
  return (
    <aside className={classes.side} aria-label={t("node.title")}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <Title order={2} size="h5" style={{ overflowWrap: "anywhere" }}>
          {data ? nameOf(data) : t("node.title")}
        </Title>
        <CloseButton onClick={onClose} aria-label={t("node.close")} />
      </Group>
      {node.isPending ? <Loader size="sm" /> : null}
      {node.error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(node.error)}
        </Text>
      ) : null}
      {data ? (
        <>
          <Group gap="xs">
            <StatusBadge status={statusOf(data.status)} />
            <Text size="sm" className="dim">
              {data.node_type}
            </Text>
            <Text size="sm">
              <Taken of={data} status={statusOf(data.status)} />
            </Text>
          </Group>
          <Text size="sm" className="dim">
            <At at={data.started_at} />
          </Text>
          <Group gap="xs">
            <Button
              size="xs"
              variant="default"
              leftSection={<IconFileText size={14} />}
              onClick={onShowLogs}
            >
              {t("node.logs")}
            </Button>
            {data.parent_node_execution_id === null ? (
              <ActionButton
                hindrance={hindrance}
                leftSection={<IconRotateClockwise size={14} />}
                onClick={() => setIsRerunning(true)}
              >
                {t("node.rerun")}
              </ActionButton>
            ) : null}
          </Group>
          {data.node_type === "approval" && !isSettled(statusOf(data.status)) ? (
            <Approval execution={execution.id} node={nameOf(data)} />
          ) : null}
          {data.error_message || data.lost_reason ? (
            <ErrorText type={data.error_type} text={data.error_message ?? data.lost_reason ?? ""} />
          ) : null}
          <JsonBlock title={t("data.traceback")} value={data.error_traceback} />
          <JsonBlock title={t("data.parameters")} value={data.input} />
          <JsonBlock title={t("data.result")} value={data.output} />
          {data.attempt_details.length > 1 ? <Attempts attempts={data.attempt_details} /> : null}
        </>
      ) : null}
      {isRerunning && data ? (
        <RerunDialog execution={execution} from={data.node} onClose={() => setIsRerunning(false)} />
      ) : null}
    </aside>
  );
}

function nameOf(node: NodeDetail): string {
  return node.iteration === null ? node.node : `${node.node}[${node.iteration}]`;
}

function Attempts({ attempts }: { attempts: readonly NodeAttempt[] }) {
  const { t } = useTranslation();
  return (
    <section>
      <Text fw={600} size="sm" mb={4}>
        {t("tabs.attempts")}
      </Text>
      <Stack gap="xs">
        {attempts.map((each) => (
          <div key={each.attempt}>
            <Group gap="xs">
              <Text size="sm" className="number">
                {t("node.attempt", { number: each.attempt })}
              </Text>
              <StatusBadge status={statusOf(each.status)} />
              <Text size="sm" className="dim">
                <Seconds seconds={each.duration_seconds} />
              </Text>
            </Group>
            {each.error_message ? (
              <ErrorText type={each.error_type} text={each.error_message} />
            ) : null}
          </div>
        ))}
      </Stack>
    </section>
  );
}

function Approval({ execution, node }: { execution: string; node: string }) {
  const { t } = useTranslation();
  const me = useMe();
  const problemText = useProblemText();
  const [comment, setComment] = useState("");
  const answer = useMutation({
    mutationFn: (approved: boolean) =>
      change("post", "/api/v1/executions/{execution}/nodes/{node}/answer", {
        path: { execution, node },
        body: { approved, comment },
      }),
  });
  const hindrance = mayAct(me.role, "operator") ? null : "role";
  return (
    <section className={classes.plan}>
      <Text fw={600} size="sm">
        {t("approval.title")}
      </Text>
      <Textarea
        label={t("approval.comment")}
        value={comment}
        autosize
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Group gap="xs">
        {([true, false] as const).map((approved) => (
          <ActionButton
            key={String(approved)}
            hindrance={hindrance}
            loading={answer.isPending}
            onClick={() => answer.mutate(approved)}
          >
            {t(approved ? "approval.yes" : "approval.no")}
          </ActionButton>
        ))}
      </Group>
      {answer.isSuccess ? <Text size="sm">{t("approval.sent")}</Text> : null}
      {answer.error ? (
        <Text size="sm" c="red" role="alert">
          {problemText(answer.error)}
        </Text>
      ) : null}
    </section>
  );
}
