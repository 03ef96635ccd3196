import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import type { ExecutionSummary } from "../../api/types";
import { Ago, Taken } from "../../components/Moment";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { statusOf } from "../../model/status";
import classes from "./Execution.module.css";

/** What an execution belongs to, and what belongs to it. */
export function RelationsTab({ execution }: { execution: string }) {
  const { t } = useTranslation();
  const key = ["execution", execution, "relations"];
  const relations = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/relations", { path: { execution }, signal }),
  });
  useFresh(["executions"], key);
  const { data } = relations;
  if (!data) {
    return relations.error ? (
      <StaleBanner error={relations.error} readAt={null} onRetry={() => void relations.refetch()} />
    ) : (
      <Loading />
    );
  }
  const groups = [
    { name: "parent", items: data.parent ? [data.parent] : [], isWhole: true },
    { name: "origin", items: data.origin ? [data.origin] : [], isWhole: true },
    { name: "children", items: data.children.items, isWhole: data.children.complete },
    { name: "reruns", items: data.reruns.items, isWhole: data.reruns.complete },
  ] as const;
  if (!data.batch && groups.every((group) => group.items.length === 0)) {
    return <EmptyState title={t("relations.none")} text={t("relations.noneText")} />;
  }
  return (
    <Stack p="md" gap="lg">
      {data.batch ? (
        <section>
          <Text fw={600}>{t("relations.batch")}</Text>
          <Link to="/executions" search={{ batch: data.batch.id }} className="link">
            {data.batch.name}
          </Link>
        </section>
      ) : null}
      {groups.map((group) =>
        group.items.length === 0 ? null : (
          <section key={group.name}>
            <Text fw={600} mb={4}>
              {t(`relations.${group.name}`)}
            </Text>
            {group.items.map((each) => (
              <Related key={each.id} execution={each} />
            ))}
            {group.isWhole ? null : (
              <Text size="sm" className="dim">
                {t("relations.more")}
              </Text>
            )}
          </section>
        ),
      )}
    </Stack>
  );
}

function Related({ execution }: { execution: ExecutionSummary }) {
  const status = statusOf(execution.status);
  return (
    <Link to="/executions/$id" params={{ id: execution.id }} className={classes.related}>
      <StatusBadge status={status} />
      <span className="cut">{execution.workflow}</span>
      <span className="dim">
        <Ago at={execution.started_at ?? execution.created_at} />
      </span>
      <span className="dim">
        <Taken of={execution} status={status} />
      </span>
    </Link>
  );
}
