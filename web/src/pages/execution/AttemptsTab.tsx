import { Table, UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Ago, Seconds } from "../../components/Moment";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { statusOf } from "../../model/status";
import { shortId } from "../../model/uuid7";
import classes from "./Execution.module.css";

/** The attempts that others followed, and why they did. */
export function AttemptsTab({
  execution,
  onChoose,
}: {
  execution: string;
  onChoose: (node: string) => void;
}) {
  const { t } = useTranslation();
  const attempts = useQuery({
    queryKey: ["execution", execution, "attempts"],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/attempts", { path: { execution }, signal }),
  });
  if (attempts.isPending) return attempts.error ? null : <Loading />;
  const items = attempts.data?.items ?? [];
  return (
    <div className={classes.padded}>
      <StaleBanner
        error={attempts.error}
        readAt={attempts.data ? attempts.dataUpdatedAt : null}
        onRetry={() => void attempts.refetch()}
      />
      {items.length === 0 && !attempts.error ? (
        <EmptyState title={t("attempts.none")} text={t("attempts.noneText")} />
      ) : (
        <Table.ScrollContainer minWidth={640}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                {(["node", "number", "status", "began", "taken", "error"] as const).map((each) => (
                  <Table.Th key={each}>{t(`attempts.columns.${each}`)}</Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {items.map((each) => (
                <Table.Tr key={`${each.node_execution_id} ${each.attempt}`}>
                  <Table.Td>
                    <UnstyledButton
                      className="link mono"
                      onClick={() => onChoose(each.node_execution_id)}
                    >
                      {shortId(each.node_execution_id)}
                    </UnstyledButton>
                  </Table.Td>
                  <Table.Td>{each.attempt}</Table.Td>
                  <Table.Td>
                    <StatusBadge status={statusOf(each.status)} />
                  </Table.Td>
                  <Table.Td>
                    <Ago at={each.started_at} />
                  </Table.Td>
                  <Table.Td>
                    <Seconds seconds={each.duration_seconds} />
                  </Table.Td>
                  <Table.Td>{each.error}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </div>
  );
}
