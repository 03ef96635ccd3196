import { Table } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ExecutionSummary, WorkflowDetail } from "../../api/types";
import { Ago, Taken } from "../../components/Moment";
import { ProgressBar } from "../../components/Progress";
import { EmptyState } from "../../components/States";
import { StatusBadge } from "../../components/Status";
import { useTriggerWord } from "../../components/useTriggerWord";
import { statusOf } from "../../model/status";
import classes from "./Workflow.module.css";

const COLUMNS = ["status", "progress", "trigger", "began", "taken", "says"] as const;
/** Those that a small screen has no room for. */
const WIDE: ReadonlySet<string> = new Set(["progress", "trigger", "taken"]);

/** The last executions of a workflow. */
export function RunsTab({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation();
  const { name, kind, last_runs: runs } = workflow;
  if (runs.length === 0) {
    return <EmptyState title={t("workflow.neverRan")} text={t("workflow.neverRanText")} />;
  }
  return (
    <>
      <Table.ScrollContainer minWidth={300} className={`panel ${classes.table}`}>
        <Table highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map((each) => (
                <Table.Th key={each} className={WIDE.has(each) ? (classes.wide ?? "") : ""}>
                  {t(`workflow.columns.${each}`)}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {runs.map((run) => (
              <Run key={run.id} run={run} />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Link to="/executions" search={{ workflow: name, kind }} className="link" preload={false}>
        {t("workflow.allRuns")}
      </Link>
    </>
  );
}

function Run({ run }: { run: ExecutionSummary }) {
  const triggerWord = useTriggerWord();
  const status = statusOf(run.status);
  return (
    <Table.Tr>
      <Table.Td>
        <Link to="/executions/$id" params={{ id: run.id }} preload={false}>
          <StatusBadge status={status} />
        </Link>
      </Table.Td>
      <Table.Td className={classes.wide ?? ""}>
        <ProgressBar of={run} />
      </Table.Td>
      <Table.Td className={`dim ${classes.wide}`}>{triggerWord(run.trigger)}</Table.Td>
      <Table.Td className={classes.moment ?? ""}>
        <Ago at={run.started_at ?? run.created_at} />
      </Table.Td>
      <Table.Td className={classes.wide ?? ""}>
        <Taken of={run} status={status} />
      </Table.Td>
      <Table.Td className={`cut dim ${classes.says}`} title={run.error ?? ""}>
        {run.error ?? run.lost_reason ?? run.progress_message}
      </Table.Td>
    </Table.Tr>
  );
}
