import { SegmentedControl, SimpleGrid, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFeedState, useFresh } from "../../api/live";
import { dashboardQuery, seriesQuery } from "../../api/queries";
import { usePreferences } from "../../components/preferences";
import { EmptyState, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { zoneName } from "../../model/times";
import { Approvals } from "./Approvals";
import { Cards } from "./Cards";
import classes from "./Dashboard.module.css";
import { RecentFailures } from "./RecentFailures";
import { RunningNow } from "./RunningNow";
import { RunsChart } from "./RunsChart";
import { Slowest } from "./Slowest";

const HOW_TO_BEGIN = "everyrun exec -- python my_script.py";

/** The day so far: how much ran, what runs, what failed and why, what takes long. */
export function Dashboard() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.dashboard"));
  const step = search.step === "day" ? "day" : "hour";
  const tz = zoneName(zone);
  useFresh(["executions", "workflows"], ["dashboard"]);
  const { error: feedError, heardAt } = useFeedState();
  const figures = useQuery({
    ...dashboardQuery(tz),
    placeholderData: keepPreviousData,
  });
  const series = useQuery({
    ...seriesQuery(tz, step),
    placeholderData: keepPreviousData,
  });
  const isBare = figures.data?.all_executions === 0 && figures.data.total_workflows === 0;
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        {t("nav.dashboard")}
      </Title>
      <StaleBanner
        error={figures.error ?? series.error ?? feedError}
        readAt={figures.data ? (heardAt ?? figures.dataUpdatedAt) : null}
        onRetry={() => void figures.refetch()}
      />
      <Cards figures={figures.data ?? null} />
      {isBare ? (
        <section className="panel">
          <EmptyState
            title={t("dashboard.none")}
            text={t("dashboard.noneText")}
            code={HOW_TO_BEGIN}
          />
        </section>
      ) : (
        <>
          <Approvals />
          <section className={`panel ${classes.chart}`} aria-labelledby="runs-title">
            <div className={classes.panelHead}>
              <Title order={2} size="h5" id="runs-title">
                {t(`dashboard.runs.${step}`)}
              </Title>
              <SegmentedControl
                size="xs"
                aria-label={t("dashboard.step")}
                value={step}
                data={(["hour", "day"] as const).map((value) => ({
                  value,
                  label: t(`dashboard.steps.${value}`),
                }))}
                onChange={(value) => set({ step: value === "day" ? "day" : null }, false)}
              />
            </div>
            {series.data ? <RunsChart series={series.data} step={step} /> : null}
          </section>
          <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md">
            <RunningNow />
            <RecentFailures />
            <Slowest order="slowest" />
            <Slowest order="failing" />
          </SimpleGrid>
        </>
      )}
    </div>
  );
}
