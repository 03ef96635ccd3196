import {
  IconAlertTriangleFilled,
  IconArrowForwardUp,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleMinus,
  IconCircleXFilled,
  IconLoader2,
  IconRefreshDot,
} from "@tabler/icons-react";
import type { ComponentType } from "react";
import { useTranslation } from "react-i18next";
import type { Status } from "../model/status";
import classes from "./Status.module.css";

const ICONS: Readonly<Record<Status, ComponentType<{ size?: number | string }>>> = {
  pending: IconCircleDashed,
  running: IconLoader2,
  retrying: IconRefreshDot,
  completed: IconCircleCheckFilled,
  failed: IconCircleXFilled,
  cancelled: IconCircleMinus,
  skipped: IconArrowForwardUp,
  lost: IconAlertTriangleFilled,
};

/** A status as an icon of its own shape, in its colour. */
export function StatusIcon({ status, size = 16 }: { status: Status; size?: number }) {
  const { t } = useTranslation();
  const Icon = ICONS[status];
  return (
    <span
      className={classes.icon}
      data-status={status}
      role="img"
      aria-label={t(`status.${status}`)}
      title={t(`status.${status}`)}
    >
      <Icon size={size} />
    </span>
  );
}

/** A status in its colour, with its icon and its word. */
export function StatusBadge({ status, isLarge = false }: { status: Status; isLarge?: boolean }) {
  const { t } = useTranslation();
  const Icon = ICONS[status];
  return (
    <span className={classes.badge} data-status={status} data-large={isLarge}>
      <span className={classes.icon} data-status={status} aria-hidden="true">
        <Icon size={isLarge ? 18 : 14} />
      </span>
      {t(`status.${status}`)}
    </span>
  );
}

/** How many of each status, each with its icon; what there is none of is left out. */
export function StatusCounts({ counts }: { counts: ReadonlyMap<Status, number> }) {
  return (
    <span className={classes.counts}>
      {[...counts].map(([status, count]) => (
        <span key={status} className={classes.count} data-status={status}>
          <StatusIcon status={status} size={13} />
          {count.toLocaleString()}
        </span>
      ))}
    </span>
  );
}
