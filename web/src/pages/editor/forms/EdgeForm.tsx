import { Button, NativeSelect, Title } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Draft, edgeId } from "../../../model/editing/draft";
import { disconnect, reroute } from "../../../model/editing/edits";
import { outcomesOf } from "../../../model/editing/outcomes";
import type { GraphEdge } from "../../../model/graph";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";

/** One edge: which outcome it waits for. */
export function EdgeForm({
  edge,
  draft,
  isFixed,
  onEdit,
  onChoose,
}: {
  edge: GraphEdge;
  draft: Draft;
  isFixed: boolean;
  onEdit: Edit;
  onChoose: (edge: string | null) => void;
}) {
  const { t } = useTranslation();
  const outcomes = new Set([...outcomesOf(draft.byKey.get(edge.from)), edge.outcome]);
  return (
    <div className={classes.fields}>
      <Title order={2} size="h5">
        {`${edge.from} → ${edge.to}`}
      </Title>
      <NativeSelect
        size="xs"
        label={t("editor.outcomeOf", { node: edge.from })}
        data={[...outcomes]}
        value={edge.outcome}
        disabled={isFixed}
        onChange={(event) => {
          const outcome = event.currentTarget.value;
          onEdit((text) => reroute(text, edge, outcome));
          onChoose(edgeId(edge.from, edge.to, outcome));
        }}
      />
      <Button
        size="xs"
        variant="default"
        disabled={isFixed}
        leftSection={<IconTrash size={14} />}
        onClick={() => {
          onEdit((text) => disconnect(text, [edge]));
          onChoose(null);
        }}
      >
        {t("editor.removeEdge")}
      </Button>
    </div>
  );
}
