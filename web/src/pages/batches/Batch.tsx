import { Button } from "@mantine/core";
import { IconList } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { useFeedState, useFresh } from "../../api/live";
import { ApiProblem } from "../../api/problem";
import { Ago, Seconds } from "../../components/Moment";
import { useNow } from "../../components/now";
import { PageFrame } from "../../components/PageFrame";
import { type Fact, Facts, Panel } from "../../components/Panel";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { usePageTitle } from "../../components/usePageTitle";
import { secondsTaken } from "../../model/durations";
import { statusOf } from "../../model/status";
import { BatchBar } from "./BatchBar";
import { Members } from "./Members";
import { StopButton } from "./StopButton";

/** One batch: how far it is, who had it run and stopped, and each of its executions. */
export function Batch() {
  const { t } = useTranslation();
  const { id } = useParams({ from: "/batches/$id" });
  const key = ["batches", "one", id];
  const one = useQuery({
    queryKey: key,
    queryFn: ({ signal }) =>
      get("/api/v1/batches/{batch_id}", { path: { batch_id: id }, query: { limit: 0 }, signal }),
  });
  const batch = one.data;
  useFresh(["batches", "executions"], key);
  const { error: feedError, heardAt } = useFeedState();
  const status = batch ? statusOf(batch.status) : null;
  usePageTitle(batch?.name ?? t("nav.batches"), status);
  const isOpen = batch !== undefined && batch.ended_at === null;
  const now = useNow(isOpen);
  const back = (
    <Link to="/batches" className="link">
      {t("nav.batches")}
    </Link>
  );
  if (one.error instanceof ApiProblem && one.error.status === 404 && !batch) {
    return (
      <EmptyState title={t("batches.missing")} text={one.error.message}>
        {back}
      </EmptyState>
    );
  }
  if (!batch || status === null) {
    return one.error ? (
      <StaleBanner error={one.error} readAt={null} onRetry={() => void one.refetch()} />
    ) : (
      <Loading />
    );
  }
  const taken = secondsTaken({ ...batch, duration_seconds: null }, now, isOpen);
  const ended = batch.ended_at === null ? null : Date.parse(batch.ended_at);
  const begun = batch.started_at === null ? null : Date.parse(batch.started_at);
  const whole = ended !== null && begun !== null ? (ended - begun) / 1_000 : taken;
  const facts: Fact[] = [
    [t("execution.started"), batch.started_at ? <Ago key="at" at={batch.started_at} /> : null],
    [t("execution.duration"), whole === null ? null : <Seconds key="taken" seconds={whole} />],
    [t("batches.parallel"), batch.parallel],
    [t("batches.left"), batch.left > 0 ? batch.left : null],
    [t("batches.startedBy"), batch.started_by],
    [t("batches.runner"), isOpen ? (batch.runner ?? t("batches.noRunner")) : null],
    [
      t("batches.stopAsked"),
      batch.stop_asked_at ? (
        <span key="stop">
          {batch.stop_asked_by} <Ago at={batch.stop_asked_at} />
        </span>
      ) : null,
    ],
    [t("batches.reason"), batch.reason],
  ];
  return (
    <PageFrame
      title={batch.name}
      crumb={back}
      beside={<StatusBadge status={status} isLarge />}
      actions={
        <>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconList size={14} />}
            renderRoot={(props) => (
              <Link {...props} to="/executions" search={{ batch: batch.id }} />
            )}
          >
            {t("batches.executions")}
          </Button>
          <StopButton batch={batch} />
        </>
      }
    >
      <StaleBanner
        error={one.error ?? feedError}
        readAt={heardAt ?? one.dataUpdatedAt}
        onRetry={() => void one.refetch()}
      />
      <Panel title={t("batches.progress")}>
        <div aria-live="polite">
          <BatchBar batch={batch} />
        </div>
        <Facts facts={facts} />
      </Panel>
      <Members batch={batch} />
    </PageFrame>
  );
}
