import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Seconds } from "../../components/Moment";
import { usePreferences } from "../../components/preferences";
import { sinceOf } from "../../model/filters";
import classes from "./Dashboard.module.css";
import { Section } from "./Section";

const MOST = 6;

/** The workflows that take longest, or fail most, over the last seven days. */
export function Slowest({ order }: { order: "slowest" | "failing" }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const since = sinceOf("today", Date.now() - 6 * 86_400_000, zone);
  const fare = useQuery({
    queryKey: ["dashboard", order, since],
    queryFn: ({ signal }) =>
      get("/api/v1/statistics/workflows", { query: { order, since, limit: MOST }, signal }),
    placeholderData: keepPreviousData,
  });
  const items = (fare.data?.items ?? []).filter((each) =>
    order === "failing" ? each.failed > 0 : each.mean_seconds !== null,
  );
  const longest = Math.max(...items.map((each) => each.mean_seconds ?? 0), 0.001);
  return (
    <Section
      title={t(`dashboard.${order}`)}
      none={t(order === "failing" ? "dashboard.nothingFailed" : "dashboard.nothingEnded")}
      isPending={fare.isPending}
      isBare={items.length === 0}
      error={fare.error}
      onRetry={() => void fare.refetch()}
    >
      {items.map((each) => {
        const share =
          order === "failing" ? (each.failure_rate ?? 0) : (each.mean_seconds ?? 0) / longest;
        return (
          <Link
            key={`${each.kind} ${each.workflow}`}
            to="/executions"
            search={{
              workflow: each.workflow,
              range: "7d",
              ...(order === "failing" ? { status: "failed" } : {}),
            }}
            preload={false}
            className={`${classes.line} ${classes.fare}`}
          >
            <span className="cut">{each.workflow}</span>
            <span className={classes.meter} aria-hidden="true">
              <span
                data-status={order === "failing" ? "failed" : "running"}
                style={{ width: `${share * 100}%` }}
              />
            </span>
            <span className={`number ${classes.value}`}>
              {order === "failing" ? (
                t("dashboard.failedOf", {
                  failed: each.failed.toLocaleString(),
                  number: each.executions.toLocaleString(),
                })
              ) : (
                <Seconds seconds={each.mean_seconds} />
              )}
            </span>
          </Link>
        );
      })}
    </Section>
  );
}
