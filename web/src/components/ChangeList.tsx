import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Difference } from "../api/types";
import { changeList } from "../model/changeList";
import classes from "./Differences.module.css";

/** What changed between two definitions, by meaning. */
export function ChangeList({ difference }: { difference: Difference }) {
  const { t } = useTranslation();
  const groups = changeList(difference);
  if (groups.length === 0 && !difference.reordered) {
    return <Text className="dim">{t("workflow.same")}</Text>;
  }
  return (
    <div className={classes.changes}>
      {groups.map(([group, changes]) => (
        <section key={group}>
          <Text size="sm" fw={600}>
            {t(`workflow.changes.${group}`)}
          </Text>
          <ul className={classes.list}>
            {changes.map((each) => (
              <li key={each.key}>
                <span className="mono">{each.name}</span>
                {each.before === null && each.after === null ? null : (
                  <>
                    <del className={`mono ${classes.removed}`}>
                      {each.before ?? t("workflow.changes.nothing")}
                    </del>
                    <ins className={`mono ${classes.added}`}>
                      {each.after ?? t("workflow.changes.nothing")}
                    </ins>
                  </>
                )}
              </li>
            ))}
          </ul>
        </section>
      ))}
      {difference.reordered ? (
        <Text size="sm" className="dim">
          {t("workflow.changes.reordered")}
        </Text>
      ) : null}
    </div>
  );
}
