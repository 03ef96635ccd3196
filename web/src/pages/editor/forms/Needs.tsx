import { ActionIcon, Group, NativeSelect, Text } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keyIn } from "../../../model/editing/documents";
import { type Draft, type DraftNode, namesIn } from "../../../model/editing/draft";
import { connect, disconnect, reroute } from "../../../model/editing/edits";
import { outcomesOf } from "../../../model/editing/outcomes";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";

/** Which nodes a node waits for, and which outcome of each. */
export function Needs({
  node,
  draft,
  isFixed,
  onEdit,
}: {
  node: DraftNode;
  draft: Draft;
  isFixed: boolean;
  onEdit: Edit;
}) {
  const { t } = useTranslation();
  const [wanted, setWanted] = useState("");
  const others = [...namesIn(draft, node.parent)].filter((name) => name !== node.name);
  return (
    <fieldset className={classes.needs}>
      <legend>{t("editor.needs")}</legend>
      {node.needs.length === 0 ? (
        <Text size="xs" className="dim">
          {t("editor.needsNothing")}
        </Text>
      ) : null}
      {node.needs.map((need) => {
        const from = keyIn(node.parent, need.node);
        const edge = { from, to: node.key, outcome: need.outcome };
        const outcomes = new Set([...outcomesOf(draft.byKey.get(from)), need.outcome]);
        return (
          <Group key={`${need.node} ${need.outcome}`} gap="xs" wrap="nowrap">
            <Text size="sm" className={`cut ${classes.need}`}>
              {need.node}
            </Text>
            <NativeSelect
              size="xs"
              aria-label={t("editor.outcomeOf", { node: need.node })}
              data={[...outcomes]}
              value={need.outcome}
              disabled={isFixed}
              onChange={(event) => {
                const outcome = event.currentTarget.value;
                onEdit((text) => reroute(text, edge, outcome));
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={isFixed}
              aria-label={t("editor.needless", { node: need.node })}
              onClick={() => onEdit((text) => disconnect(text, [edge]))}
            >
              <IconX size={14} />
            </ActionIcon>
          </Group>
        );
      })}
      {others.length === 0 || isFixed ? null : (
        <Group gap="xs" wrap="nowrap">
          <NativeSelect
            size="xs"
            className={classes.need}
            aria-label={t("editor.waitFor")}
            data={[{ value: "", label: t("editor.waitFor") }, ...others]}
            value={wanted}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          <ActionIcon
            variant="default"
            disabled={wanted === ""}
            aria-label={t("editor.addNeed")}
            onClick={() => {
              const from = keyIn(node.parent, wanted);
              const outcome = outcomesOf(draft.byKey.get(from))[0] ?? "success";
              onEdit((text) => connect(text, from, node.key, outcome));
              setWanted("");
            }}
          >
            <IconPlus size={14} />
          </ActionIcon>
        </Group>
      )}
    </fieldset>
  );
}
