import { Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Ago } from "../../components/Moment";
import classes from "./Dashboard.module.css";

const MOST = 5;

/** What waits for a person's yes or no; not there while nothing does. */
export function Approvals() {
  const { t } = useTranslation();
  const approvals = useQuery({
    queryKey: ["dashboard", "approvals"],
    queryFn: ({ signal }) => get("/api/v1/approvals", { query: { limit: MOST }, signal }),
  });
  const items = approvals.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className={`panel ${classes.section}`} aria-labelledby="approvals-title">
      <Title order={2} size="h5" id="approvals-title">
        {t("dashboard.approvals")}
      </Title>
      {items.map((each) => (
        <Link
          key={each.node_execution_id}
          to="/executions/$id"
          params={{ id: each.execution_id }}
          search={{ node: each.node_execution_id }}
          preload={false}
          className={`${classes.line} ${classes.approval}`}
        >
          <span className="cut">
            {each.workflow}
            {" · "}
            {each.node}
          </span>
          <span className="cut dim">{each.message}</span>
          <span className="dim">
            <Ago at={each.since} />
          </span>
        </Link>
      ))}
    </section>
  );
}
