import { IconClockExclamation } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { ComingFire } from "../../api/types";
import { Ago, At } from "../../components/Moment";
import { usePreferences } from "../../components/preferences";
import { zoneName } from "../../model/times";
import classes from "./Schedules.module.css";

/** Times to come: how far away, when by the clocks of the chosen zone, and what changed clocks do. */
export function ComingFires({ fires, zone }: { fires: readonly ComingFire[]; zone: string }) {
  const { t } = useTranslation();
  const { zone: chosen } = usePreferences();
  const isElsewhere = zoneName(chosen) !== zone;
  return (
    <ol className={classes.fires}>
      {fires.map((fire) => (
        <li key={fire.at} className={classes.fire}>
          <span className={classes.ahead}>
            <Ago at={fire.at} />
          </span>
          <At at={fire.at} />
          {isElsewhere ? (
            <span className="dim number">
              {t("schedules.localTime", { time: localTime(fire.local), zone })}
            </span>
          ) : null}
          <ClockMark fire={fire} />
        </li>
      ))}
    </ol>
  );
}

/** Says where clocks that are changed alter a due time. */
export function ClockMark({ fire }: { fire: ComingFire }) {
  if (fire.oddity === null) return null;
  return (
    <span className={classes.mark} data-oddity={fire.oddity}>
      <IconClockExclamation size={15} aria-hidden="true" />
      {fire.remark ?? fire.meant}
    </span>
  );
}

/** `2026-11-28 14:05` of a moment with its offset. */
function localTime(text: string): string {
  return text.slice(0, 16).replace("T", " ");
}
