import { SimpleGrid, Skeleton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconHierarchy2,
  IconPlayerPause,
  IconPlayerPlay,
} from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { DashboardFigures } from "../../api/types";
import type { Search } from "../../model/search";
import classes from "./Dashboard.module.css";

const CARDS = [
  { name: "total", field: "total_workflows", to: "/workflows", search: {}, Icon: IconHierarchy2 },
  {
    name: "today",
    field: "today_executions",
    to: "/executions",
    search: { range: "today" },
    Icon: IconPlayerPlay,
  },
  {
    name: "failed",
    field: "today_failed_workflows",
    to: "/executions",
    search: { range: "today", status: "failed" },
    Icon: IconAlertTriangle,
  },
  {
    name: "inactive",
    field: "inactive_workflows",
    to: "/workflows",
    search: { active: "no" },
    Icon: IconPlayerPause,
  },
] as const;

/** The four figures of the day (R1.1, R1.2). What could not be read has no figure, never a zero. */
export function Cards({ figures }: { figures: DashboardFigures | null }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      {CARDS.map(({ name, field, to, search, Icon }) => (
        <Link
          key={name}
          to={to}
          search={search as Search}
          className={`panel ${classes.card}`}
          data-alarming={name === "failed" && (figures?.[field] ?? 0) > 0}
        >
          <span className={classes.cardName}>
            <Icon size={16} aria-hidden="true" />
            {t(`dashboard.cards.${name}`)}
          </span>
          {figures ? (
            <span className={classes.figure}>{figures[field].toLocaleString()}</span>
          ) : (
            <Skeleton height={34} width={72} />
          )}
          <span className={classes.cardNote}>
            {figures && name === "today"
              ? t("dashboard.ofAll", { number: figures.all_executions.toLocaleString() })
              : figures && name === "failed"
                ? t("dashboard.dayIn", { day: figures.day, zone: figures.timezone })
                : ""}
          </span>
        </Link>
      ))}
    </SimpleGrid>
  );
}
