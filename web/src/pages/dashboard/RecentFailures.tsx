import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Ago } from "../../components/Moment";
import { StatusIcon } from "../../components/Status";
import classes from "./Dashboard.module.css";
import { Section } from "./Section";

const MOST = 8;

export function RecentFailures() {
  const { t } = useTranslation();
  const failures = useQuery({
    queryKey: ["dashboard", "failures"],
    queryFn: ({ signal }) => get("/api/v1/statistics/failures", { query: { limit: MOST }, signal }),
  });
  const items = failures.data?.items ?? [];
  return (
    <Section
      title={t("dashboard.failures")}
      none={t("dashboard.nothingFailed")}
      isPending={failures.isPending}
      isBare={items.length === 0}
      error={failures.error}
      onRetry={() => void failures.refetch()}
      aside={
        <Link to="/executions" search={{ status: "failed" }} className="link">
          {t("dashboard.all")}
        </Link>
      }
    >
      {items.map((each) => (
        <Link
          key={each.execution_id}
          to="/executions/$id"
          params={{ id: each.execution_id }}
          preload={false}
          className={`${classes.line} ${classes.failure}`}
        >
          <StatusIcon status="failed" />
          <span className="cut">{each.workflow}</span>
          <span className={`cut ${classes.error}`} title={each.error_line ?? ""}>
            {each.error_line ?? each.error_type}
          </span>
          <span className="dim">
            <Ago at={each.ended_at} />
          </span>
        </Link>
      ))}
    </Section>
  );
}
