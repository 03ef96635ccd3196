import { Button, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ExecutionCount, ExecutionSummary } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { useMe } from "../../components/me";
import type { ExecutionQuery } from "../../model/filters";
import { type Hindrance, mayAct } from "../../model/rights";
import { NOTHING, type Selection } from "../../model/selection";
import { BulkDialog } from "./BulkDialog";
import type { BulkAction } from "./bulkActions";
import classes from "./Executions.module.css";

const ACTIONS = [
  { name: "cancel", role: "operator" },
  { name: "rerun", role: "operator" },
  { name: "delete", role: "admin" },
] as const;

/** What can be done with what is chosen. */
export function BulkBar({
  selection,
  rows,
  query,
  count,
  onChange,
}: {
  selection: Selection;
  rows: readonly ExecutionSummary[];
  query: ExecutionQuery;
  count: ExecutionCount | null;
  onChange: (selection: Selection) => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const [asked, setAsked] = useState<BulkAction | null>(null);
  const isAll = selection.kind === "matching";
  const number = isAll ? (count?.count ?? 0) : selection.ids.size;
  const chosen = isAll ? rows : rows.filter((row) => selection.ids.has(row.id));
  const all = count
    ? t(count.complete ? "bulk.all" : "bulk.allAtLeast", {
        count: count.count,
        number: count.count.toLocaleString(),
      })
    : null;
  return (
    <section className={classes.bulk} aria-label={t("bulk.title")}>
      <Text fw={600} size="sm" aria-live="polite">
        {isAll ? all : t("bulk.chosen", { count: number })}
      </Text>
      {!isAll && count && count.count > number ? (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange({ kind: "matching" })}>
          {t(count.complete ? "bulk.chooseAll" : "bulk.chooseAllAtLeast", {
            count: count.count,
            number: count.count.toLocaleString(),
          })}
        </Button>
      ) : null}
      {ACTIONS.map(({ name, role }) => {
        const hindrance: Hindrance = mayAct(me.role, role) ? null : "role";
        return (
          <ActionButton key={name} hindrance={hindrance} onClick={() => setAsked(name)}>
            {t(`bulk.${name}.button`)}
          </ActionButton>
        );
      })}
      <Button size="xs" variant="subtle" onClick={() => onChange(NOTHING)}>
        {t("bulk.clear")}
      </Button>
      {asked ? (
        <BulkDialog
          action={asked}
          isAll={isAll}
          chosen={chosen}
          query={query}
          onClose={(isDone) => {
            setAsked(null);
            if (isDone) onChange(NOTHING);
          }}
        />
      ) : null}
    </section>
  );
}
