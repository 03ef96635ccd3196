import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useFresh } from "../../api/live";
import { countsQuery } from "../../api/queries";
import { usePreferences } from "../../components/preferences";
import { type Filters, sameFilters, searchOf } from "../../model/filters";
import { SAVED_VIEWS, type SavedView, totalOf } from "../../model/views";
import classes from "./Executions.module.css";

/** The usual views with how many executions each shows. */
export const ViewRail = memo(function Rail({ filters }: { filters: Filters }) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const asked = countsQuery(zone);
  const counts = useQuery(asked);
  useFresh(["executions"], asked.queryKey);
  return (
    <nav className={classes.rail} aria-label={t("executions.views")}>
      {SAVED_VIEWS.map((view) => (
        <Link
          key={view.name}
          to="/executions"
          search={searchOf(view.filters)}
          className={classes.view}
          activeProps={{}}
          aria-current={sameFilters(view.filters, filters) ? "page" : undefined}
        >
          <span>{t(`views.${view.name}`)}</span>
          <Count view={view} counts={counts.data?.items ?? []} />
        </Link>
      ))}
    </nav>
  );
});

function Count({ view, counts }: { view: SavedView; counts: Parameters<typeof totalOf>[1] }) {
  const total = totalOf(view, counts);
  if (total === null) return null;
  return (
    <span className="dim number">
      {total.count.toLocaleString()}
      {total.atLeast ? "+" : ""}
    </span>
  );
}
