import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";
import { StaleBanner } from "../../components/States";
import classes from "./Failures.module.css";

/** The nodes of a workflow that fail, the most failing first. */
export function FailingNodes({ workflow }: { workflow: string }) {
  const { t } = useTranslation();
  const nodes = useQuery({
    queryKey: ["failures", "nodes", workflow],
    queryFn: ({ signal }) => get("/api/v1/statistics/nodes", { query: { workflow }, signal }),
  });
  const failing = (nodes.data?.items ?? [])
    .filter((node) => node.failed > 0)
    .sort((one, other) => (other.failure_rate ?? 0) - (one.failure_rate ?? 0));
  if (failing.length === 0 && !nodes.error) return null;
  return (
    <Panel title={t("failures.nodes", { workflow })}>
      <StaleBanner
        error={nodes.error}
        readAt={nodes.data ? nodes.dataUpdatedAt : null}
        onRetry={() => void nodes.refetch()}
      />
      <ul className={`${rows.list} ${classes.nodes}`}>
        {failing.map((node) => (
          <li key={`${node.kind} ${node.node}`} className={rows.row}>
            <strong className="cut">{node.node}</strong>
            <span className="dim">{node.node_type}</span>
            <span className={classes.rate} aria-hidden="true">
              <span
                className={classes.rateBar}
                style={{ width: `${100 * (node.failure_rate ?? 0)}%` }}
              />
            </span>
            <span className="number">
              {t("failures.ofNode", {
                failed: node.failed.toLocaleString(),
                number: (node.failed + node.completed).toLocaleString(),
              })}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
