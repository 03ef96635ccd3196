import { SegmentedControl, Table, Text, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import { Ago, Seconds } from "../../components/Moment";
import { usePreferences } from "../../components/preferences";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import { sinceOf } from "../../model/filters";
import { percent } from "../../model/percent";
import classes from "./Workflow.module.css";

const RANGES = ["24h", "7d", "30d", "all"] as const;
const COLUMNS = [
  "node",
  "type",
  "executions",
  "failed",
  "retried",
  "mean",
  "p50",
  "p95",
  "p99",
] as const;

/** How a workflow and its nodes fare. */
export function StatisticsTab({ workflow, kind }: { workflow: string; kind: string }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  const range = RANGES.find((each) => each === search.range) ?? "7d";
  const key = ["workflow-statistics", workflow, kind, range];
  const fare = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const since = range === "all" ? {} : { since: sinceOf(range, Date.now(), zone) };
      const query = { workflow, kind, ...since };
      const [whole, nodes] = await Promise.all([
        get("/api/v1/statistics/workflows", { query, signal }),
        get("/api/v1/statistics/nodes", { query, signal }),
      ]);
      return { whole: whole.items[0] ?? null, nodes: nodes.items };
    },
    placeholderData: keepPreviousData,
  });
  useFresh(["executions"], key);
  const { data } = fare;
  const whole = data?.whole;
  return (
    <>
      <SegmentedControl
        size="xs"
        className={classes.ranges ?? ""}
        aria-label={t("workflow.range")}
        data={RANGES.map((value) => ({ value, label: t(`workflow.ranges.${value}`) }))}
        value={range}
        onChange={(value) => set({ range: value === "7d" ? null : value })}
      />
      <StaleBanner
        error={fare.error}
        readAt={data ? fare.dataUpdatedAt : null}
        onRetry={() => void fare.refetch()}
      />
      {!data ? (
        fare.error ? null : (
          <Loading />
        )
      ) : !whole || whole.executions === 0 ? (
        <EmptyState title={t("workflow.noFigures")} text={t("workflow.noFiguresText")} />
      ) : (
        <>
          <dl className={classes.figures}>
            <Figure name="executions">{whole.executions.toLocaleString()}</Figure>
            <Figure name="failureRate">{percent(whole.failure_rate)}</Figure>
            <Figure name="mean">
              <Seconds seconds={whole.mean_seconds} />
            </Figure>
            <Figure name="p50">
              <Seconds seconds={whole.p50_seconds} />
            </Figure>
            <Figure name="p95">
              <Seconds seconds={whole.p95_seconds} />
            </Figure>
            <Figure name="last">
              <Ago at={whole.last_started_at} />
            </Figure>
          </dl>
          <Title order={2} size="h5">
            {t("workflow.nodeFigures")}
          </Title>
          <Table.ScrollContainer minWidth={720} className={`panel ${classes.table}`}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  {COLUMNS.map((each) => (
                    <Table.Th key={each}>{t(`workflow.nodeColumns.${each}`)}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {data.nodes.map((node) => (
                  <Table.Tr key={node.node}>
                    <Table.Td className="mono">{node.node}</Table.Td>
                    <Table.Td className="dim">{node.node_type}</Table.Td>
                    <Table.Td className="number">{node.executions.toLocaleString()}</Table.Td>
                    <Table.Td className="number" data-status={node.failed > 0 ? "failed" : null}>
                      {node.failed.toLocaleString()}
                      {node.failed > 0 ? ` (${percent(node.failure_rate)})` : ""}
                    </Table.Td>
                    <Table.Td className="number">{node.retried.toLocaleString()}</Table.Td>
                    {(["mean", "p50", "p95", "p99"] as const).map((each) => (
                      <Table.Td key={each}>
                        <Seconds seconds={node[`${each}_seconds`]} />
                      </Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
          <Text size="xs" className="dim">
            {t("workflow.sample")}
          </Text>
        </>
      )}
    </>
  );
}

type FigureName = "executions" | "failureRate" | "mean" | "p50" | "p95" | "last";

function Figure({ name, children }: { name: FigureName; children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <div className={`panel ${classes.figure}`}>
      <dt className="dim">{t(`workflow.figures.${name}`)}</dt>
      <dd className="number">{children}</dd>
    </div>
  );
}
