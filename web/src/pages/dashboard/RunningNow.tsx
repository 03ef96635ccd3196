import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Taken } from "../../components/Moment";
import { ProgressBar } from "../../components/Progress";
import { StatusIcon } from "../../components/Status";
import { statusOf } from "../../model/status";
import classes from "./Dashboard.module.css";
import { Section } from "./Section";

const MOST = 8;

export function RunningNow() {
  const { t } = useTranslation();
  const running = useQuery({
    queryKey: ["dashboard", "running"],
    queryFn: ({ signal }) =>
      get("/api/v1/executions", {
        query: { status: ["running", "retrying"], limit: MOST },
        signal,
      }),
  });
  const items = running.data?.items ?? [];
  return (
    <Section
      title={t("dashboard.runningNow")}
      none={t("dashboard.nothingRuns")}
      isPending={running.isPending}
      isBare={items.length === 0}
      error={running.error}
      onRetry={() => void running.refetch()}
      aside={
        <Link to="/executions" search={{ status: "running,retrying" }} className="link">
          {t("dashboard.all")}
        </Link>
      }
    >
      {items.map((each) => (
        <Link
          key={each.id}
          to="/executions/$id"
          params={{ id: each.id }}
          preload={false}
          className={`${classes.line} ${classes.running}`}
        >
          <StatusIcon status={statusOf(each.status)} />
          <span className="cut">{each.workflow}</span>
          <span>
            <ProgressBar of={each} />
          </span>
          <span className="dim">
            <Taken of={each} status={statusOf(each.status)} />
          </span>
        </Link>
      ))}
    </Section>
  );
}
