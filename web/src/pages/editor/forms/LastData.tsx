import { Button, Group, Text } from "@mantine/core";
import { IconRotateClockwise } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../../api/client";
import { ApiProblem } from "../../../api/problem";
import type { ExecutionDetail } from "../../../api/types";
import { JsonBlock } from "../../../components/JsonBlock";
import { Taken } from "../../../components/Moment";
import { ErrorText, useProblemText } from "../../../components/States";
import { StatusBadge } from "../../../components/Status";
import { isSettled, statusOf } from "../../../model/status";
import { RerunDialog } from "../../execution/RerunDialog";
import classes from "../Editor.module.css";

/** What a node was given and gave in the run that is watched, else in the last one. */
export function LastData({
  nodeKey,
  execution,
  ran,
}: {
  nodeKey: string;
  execution: string | null;
  ran: ExecutionDetail | null;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [isRerunning, setIsRerunning] = useState(false);
  const latest = ran?.nodes.findLast((each) => each.node === nodeKey) ?? null;
  const named = ran === null ? nodeKey : (latest?.id ?? null);
  const node = useQuery({
    queryKey: ["last-data", execution, named, latest?.status],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/nodes/{node}", {
        path: { execution: execution ?? "", node: named ?? "" },
        signal,
      }),
    enabled: execution !== null && named !== null,
  });
  const { data } = node;
  if (execution === null) return null;
  const isMissing =
    named === null || (node.error instanceof ApiProblem && node.error.status === 404);
  const isOver = ran !== null && isSettled(statusOf(ran.status));
  return (
    <section className={classes.last} aria-label={t("editor.lastData")}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {t(ran === null ? "editor.lastData" : "editor.runData")}
        </Text>
        <Link
          to="/executions/$id"
          params={{ id: execution }}
          search={data ? { node: data.id } : {}}
          className="link"
        >
          {t("editor.openRun")}
        </Link>
      </Group>
      {isMissing ? (
        <Text size="xs" className="dim">
          {t("editor.didNotRun")}
        </Text>
      ) : node.error ? (
        <Text size="xs" role="alert">
          {problemText(node.error)}
        </Text>
      ) : null}
      {data ? (
        <>
          <Group gap="xs">
            <StatusBadge status={statusOf(data.status)} />
            <Text size="xs">
              <Taken of={data} status={statusOf(data.status)} />
            </Text>
            {isOver && data.parent_node_execution_id === null ? (
              <Button
                size="compact-xs"
                variant="default"
                leftSection={<IconRotateClockwise size={13} />}
                onClick={() => setIsRerunning(true)}
              >
                {t("node.rerun")}
              </Button>
            ) : null}
          </Group>
          {data.error_message ? (
            <ErrorText type={data.error_type} text={data.error_message} />
          ) : null}
          <JsonBlock title={t("data.parameters")} value={data.input} />
          <JsonBlock title={t("data.result")} value={data.output} />
        </>
      ) : null}
      {isRerunning && ran ? (
        <RerunDialog execution={ran} from={nodeKey} onClose={() => setIsRerunning(false)} />
      ) : null}
    </section>
  );
}
