import { Button } from "@mantine/core";
import { IconChevronDown, IconChevronRight, IconRotateClockwise } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RecentFailure } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { Ago } from "../../components/Moment";
import { useMe } from "../../components/me";
import rows from "../../components/Rows.module.css";
import type { FailureGroup } from "../../model/failures";
import { unlessRole } from "../../model/rights";
import classes from "./Failures.module.css";
import { RerunGroupDialog } from "./RerunGroupDialog";

const MOST_NAMED = 6;
const MOST_SHOWN = 20;

/** Failures of one reason: how many, since when, of which workflows; each of them on demand. */
export function FailureGroupPanel({ group }: { group: FailureGroup<RecentFailure> }) {
  const { t } = useTranslation();
  const me = useMe();
  const id = useId();
  const [isOpen, setIsOpen] = useState(false);
  const [isAsked, setIsAsked] = useState(false);
  const { failures, workflows } = group;
  const [latest, earliest] = [failures[0], failures.at(-1)];
  const own = failures.filter((each) => each.kind === "graph");
  const words = group.line || group.type || t("failures.noReason");
  return (
    <section className={`panel ${classes.group}`} aria-labelledby={id}>
      <div className={classes.head}>
        <span className={classes.count}>{failures.length.toLocaleString()}</span>
        <div className={rows.stack}>
          <strong id={id} className={classes.line}>
            {words}
          </strong>
          <span className="dim">
            {group.line && group.type ? <span className="mono">{group.type}</span> : null}{" "}
            {t("failures.latest")} <Ago at={latest?.ended_at ?? latest?.started_at} />
            {failures.length > 1 ? (
              <>
                {", "}
                {t("failures.earliest")} <Ago at={earliest?.ended_at ?? earliest?.started_at} />
              </>
            ) : null}
          </span>
          <span className={classes.workflows}>
            {workflows.slice(0, MOST_NAMED).map(([name, count]) => (
              <Link
                key={name}
                to="/executions"
                search={{ workflow: name, status: "failed" }}
                preload={false}
                className="link"
              >
                {`${name} (${count.toLocaleString()})`}
              </Link>
            ))}
            {workflows.length > MOST_NAMED ? (
              <span className="dim">
                {t("schedules.andMore", { count: workflows.length - MOST_NAMED })}
              </span>
            ) : null}
          </span>
        </div>
        <span className={rows.actions}>
          <ActionButton
            hindrance={unlessRole(me.role, "operator") ?? (own.length === 0 ? "foreign" : null)}
            leftSection={<IconRotateClockwise size={14} />}
            onClick={() => setIsAsked(true)}
          >
            {t("failures.rerun")}
          </ActionButton>
          <Button
            size="xs"
            variant="default"
            aria-expanded={isOpen}
            leftSection={isOpen ? <IconChevronDown size={14} /> : <IconChevronRight size={14} />}
            onClick={() => setIsOpen(!isOpen)}
          >
            {t("failures.each")}
          </Button>
        </span>
      </div>
      {isOpen ? (
        <ul className={`${rows.list} ${classes.members}`}>
          {failures.slice(0, MOST_SHOWN).map((failure) => (
            <li key={failure.execution_id} className={rows.row}>
              <Link
                to="/executions/$id"
                params={{ id: failure.execution_id }}
                preload={false}
                className={`cut ${rows.open}`}
              >
                {failure.workflow}
              </Link>
              <span className={`${rows.reason} ${rows.failed}`}>{failure.error_line}</span>
              <span className="dim">
                <Ago at={failure.ended_at ?? failure.started_at} />
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      {isOpen && failures.length > MOST_SHOWN ? (
        <span className="dim">
          {t("schedules.andMore", { count: failures.length - MOST_SHOWN })}
        </span>
      ) : null}
      {isAsked ? (
        <RerunGroupDialog
          ids={own.map((each) => each.execution_id)}
          left={failures.length - own.length}
          onClose={() => setIsAsked(false)}
        />
      ) : null}
    </section>
  );
}
