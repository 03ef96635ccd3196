import { Tabs } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFresh } from "../../api/live";
import { ApiProblem } from "../../api/problem";
import type { WorkflowKind } from "../../api/types";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { KINDS } from "../../model/filters";
import { statusOf } from "../../model/status";
import { RunsTab } from "./RunsTab";
import { StatisticsTab } from "./StatisticsTab";
import { VersionsTab } from "./VersionsTab";
import classes from "./Workflow.module.css";
import { WorkflowHeader } from "./WorkflowHeader";

const RUNS = 20;
const TABS = ["runs", "statistics", "versions"] as const;
type Tab = (typeof TABS)[number];

/** One workflow: what it ran lately, how it fares, and how its definition came to be. */
export function Workflow() {
  const { t } = useTranslation();
  const { name } = useParams({ from: "/workflows/$name" });
  const { search, set } = useSearchState();
  const kind: WorkflowKind = KINDS.find((each) => each === search.kind) ?? "graph";
  const tab: Tab = TABS.find((each) => each === search.tab) ?? "runs";
  const show = (next: Tab) => set({ tab: next === "runs" ? null : next });
  const key = ["workflow", name, kind];
  const workflow = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/workflows/{name}", { path: { name }, query: { kind, runs: RUNS }, signal }),
  });
  useFresh(["workflows", "executions"], key);
  const { data, error } = workflow;
  const last = data?.last_runs[0];
  usePageTitle(data?.name ?? name, last ? statusOf(last.status) : null);
  useShortcuts(
    t("nav.workflows"),
    TABS.map((each, index) => ({
      keys: String(index + 1),
      words: t(`workflow.tabs.${each}`),
      run: () => show(each),
    })),
  );
  if (error instanceof ApiProblem && error.status === 404 && !data) {
    return <EmptyState title={t("workflow.missing")} text={error.message} />;
  }
  if (!data) {
    return error ? (
      <StaleBanner error={error} readAt={null} onRetry={() => void workflow.refetch()} />
    ) : (
      <Loading rows={10} />
    );
  }
  return (
    <div className={classes.page}>
      <WorkflowHeader workflow={data} onChange={() => void workflow.refetch()} />
      <StaleBanner
        error={error}
        readAt={workflow.dataUpdatedAt}
        onRetry={() => void workflow.refetch()}
      />
      <Tabs
        value={tab}
        onChange={(value) => show(TABS.find((each) => each === value) ?? "runs")}
        keepMounted={false}
      >
        <Tabs.List>
          {TABS.map((each, index) => (
            <Tabs.Tab
              key={each}
              value={each}
              title={`${t(`workflow.tabs.${each}`)} (${index + 1})`}
            >
              {t(`workflow.tabs.${each}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="runs" className={classes.tab ?? ""}>
          <RunsTab workflow={data} />
        </Tabs.Panel>
        <Tabs.Panel value="statistics" className={classes.tab ?? ""}>
          <StatisticsTab workflow={data.name} kind={kind} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" className={classes.tab ?? ""}>
          <VersionsTab workflow={data} />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}
