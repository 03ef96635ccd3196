import { Tabs } from "@mantine/core";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "../../api/problem";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { graphOf, graphOfRan } from "../../model/graph";
import { AttemptsTab } from "./AttemptsTab";
import { DataTab } from "./DataTab";
import classes from "./Execution.module.css";
import { ExecutionHeader } from "./ExecutionHeader";
import { LogViewer } from "./logs/LogViewer";
import { NodePanel } from "./NodePanel";
import { NodesTab } from "./NodesTab";
import { RawTab } from "./RawTab";
import { RelationsTab } from "./RelationsTab";
import { useDefinition } from "./useDefinition";
import { useExecution } from "./useExecution";
import { useSuccession } from "./useSuccession";

const GraphTab = lazy(() => import("./graph/GraphTab"));

const TABS = [
  "nodes",
  "graph",
  "timeline",
  "logs",
  "data",
  "attempts",
  "relations",
  "raw",
] as const;
type Tab = (typeof TABS)[number];

/** One execution: what it is, what of it ran, when, what it said, and what may be done with it. */
export function Execution() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/executions/$id" });
  const { search, set } = useSearchState();
  const execution = useExecution(id);
  const { data, status } = execution;
  usePageTitle(data ? data.workflow : t("nav.executions"), status);
  const tab: Tab = TABS.find((each) => each === search.tab) ?? "nodes";
  const nodeId = search.node ?? null;
  const show = (next: Tab) => set({ tab: next === "nodes" ? null : next });
  useShortcuts(
    t("execution.title"),
    TABS.map((each, index) => ({
      keys: String(index + 1),
      words: t(`tabs.${each}`),
      run: () => show(each),
    })),
  );
  const definition = useDefinition(data, tab === "graph");
  const succession = useSuccession(data, tab === "graph");
  const nodes = data?.nodes;
  const graph = useMemo(() => {
    if (!nodes) return null;
    if (definition.data) return graphOf(definition.data.definition, nodes);
    return graphOfRan(nodes, succession.data?.items);
  }, [definition.data, succession.data, nodes]);
  if (execution.error instanceof ApiProblem && execution.error.status === 404 && !data) {
    return <EmptyState title={t("execution.missing")} text={execution.error.message} />;
  }
  if (!data || status === null || !nodes) {
    return execution.error ? (
      <StaleBanner error={execution.error} readAt={null} onRetry={() => void execution.refetch()} />
    ) : (
      <Loading rows={10} />
    );
  }
  const choose = (node: string | null) => set({ node }, false);
  const body: Record<Tab, () => React.ReactNode> = {
    nodes: () => <NodesTab execution={data} chosen={nodeId} onChoose={choose} isTimeline={false} />,
    timeline: () => <NodesTab execution={data} chosen={nodeId} onChoose={choose} isTimeline />,
    graph: () =>
      graph && !definition.isLoading && !succession.isLoading ? (
        <Suspense fallback={<Loading />}>
          <GraphTab graph={graph} nodes={nodes} chosen={nodeId} onChoose={choose} />
        </Suspense>
      ) : (
        <Loading />
      ),
    logs: () => (
      <LogViewer
        key={`${data.id} ${nodeId}`}
        execution={data.id}
        workflow={data.workflow}
        node={nodes.find((each) => each.id === nodeId) ?? null}
        lines={data.log_lines}
        isOpen={!data.ended_at}
        onClearNode={() => choose(null)}
      />
    ),
    data: () => <DataTab execution={data} />,
    attempts: () => <AttemptsTab execution={data.id} onChoose={choose} />,
    relations: () => <RelationsTab execution={data.id} />,
    raw: () => <RawTab execution={data.id} />,
  };
  return (
    <div className={classes.page}>
      <ExecutionHeader execution={data} status={status} onChange={execution.ask} />
      <StaleBanner
        error={execution.error}
        readAt={execution.dataUpdatedAt}
        onRetry={() => void execution.refetch()}
      />
      <Tabs
        value={tab}
        onChange={(value) => show(TABS.find((each) => each === value) ?? "nodes")}
        className={classes.tabs ?? ""}
        keepMounted={false}
      >
        <Tabs.List className={classes.tabList ?? ""}>
          {TABS.map((each, index) => (
            <Tabs.Tab key={each} value={each} title={`${t(`tabs.${each}`)} (${index + 1})`}>
              {t(`tabs.${each}`)}
              {each === "logs" && data.log_lines > 0 ? (
                <span className={classes.tabCount}>{data.log_lines.toLocaleString()}</span>
              ) : null}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <div className={classes.split} data-panel={nodeId !== null && tab !== "raw"}>
          <Tabs.Panel value={tab} className={classes.panel ?? ""}>
            {body[tab]()}
          </Tabs.Panel>
          {nodeId !== null && tab !== "raw" ? (
            <NodePanel
              execution={data}
              nodeId={nodeId}
              onClose={() => choose(null)}
              onShowLogs={() => show("logs")}
            />
          ) : null}
        </div>
      </Tabs>
    </div>
  );
}
