import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ScheduleDetail } from "../../api/types";
import { Ago, At } from "../../components/Moment";
import { Panel } from "../../components/Panel";
import rows from "../../components/Rows.module.css";

/** Ranges that were run after the fact; not there while there are none. */
export function Backfills({ backfills }: { backfills: ScheduleDetail["backfills"] }) {
  const { t } = useTranslation();
  if (backfills.length === 0) return null;
  return (
    <Panel title={t("schedules.backfills")}>
      <ul className={rows.list}>
        {backfills.map((each) => (
          <li key={each.batch_id} className={rows.row}>
            <span>
              <At at={each.since} />
              {" – "}
              <At at={each.until} />
            </span>
            <span className="dim">
              {each.asked_by} <Ago at={each.asked_at} />
            </span>
            <Link to="/batches/$id" params={{ id: each.batch_id }} className="link">
              {t("schedules.batch")}
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
