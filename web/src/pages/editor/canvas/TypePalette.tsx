import { ActionIcon, Group, TextInput, Tooltip } from "@mantine/core";
import { IconLayoutDistributeVertical, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetPositions } from "../../../model/editing/edits";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";
import type { NodeTypes } from "../useNodeTypes";

export const DRAGGED_TYPE = "application/x-everyrun-node-type";

/** The node types, to be dragged onto the canvas, or pressed: then behind the chosen node. */
export function TypePalette({
  types,
  isFixed,
  onAdd,
  onEdit,
}: {
  types: NodeTypes;
  isFixed: boolean;
  onAdd: (type: string) => void;
  onEdit: Edit;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const shown = [...types.values()].filter(
    (type) => wanted === "" || `${type.name} ${type.summary}`.toLowerCase().includes(wanted),
  );
  return (
    <nav className={classes.palette} aria-label={t("editor.palette")}>
      <Group gap={4} wrap="nowrap">
        <TextInput
          size="xs"
          leftSection={<IconSearch size={13} />}
          aria-label={t("editor.findType")}
          placeholder={t("editor.findType")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Tooltip label={t("editor.layOut")}>
          <ActionIcon
            variant="default"
            size={30}
            disabled={isFixed}
            aria-label={t("editor.layOut")}
            onClick={() => onEdit(forgetPositions)}
          >
            <IconLayoutDistributeVertical size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
      <ul className={classes.types}>
        {shown.map((type) => (
          <li key={type.name}>
            <button
              type="button"
              className={classes.type}
              title={type.problem ?? type.summary}
              disabled={isFixed || type.problem !== null}
              draggable={!isFixed && type.problem === null}
              onDragStart={(event) => event.dataTransfer.setData(DRAGGED_TYPE, type.name)}
              onClick={() => onAdd(type.name)}
            >
              {type.name}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
