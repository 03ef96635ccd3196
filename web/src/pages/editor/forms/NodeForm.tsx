import { CloseButton, Group, NativeSelect, Select, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DefinitionProblem, ExecutionDetail } from "../../../api/types";
import type { Draft } from "../../../model/editing/draft";
import { recordOf } from "../../../model/editing/draft";
import { renameNode, setInNode } from "../../../model/editing/edits";
import { expressionsFor } from "../../../model/editing/expressions";
import { fieldsOf } from "../../../model/editing/schemaForm";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";
import type { NodeTypes } from "../useNodeTypes";
import { LastData } from "./LastData";
import { Needs } from "./Needs";
import { ParameterField } from "./ParameterField";
import { Problems } from "./Problems";

const KEY = /^[\p{L}_][\p{L}\p{N}_-]*$/u;
const JOINS = ["all", "any"] as const;

/** The form of one node, made from the schema of its type. */
export function NodeForm({
  nodeKey,
  draft,
  types,
  problems,
  run,
  ran,
  isFixed,
  onEdit,
  onChoose,
}: {
  nodeKey: string;
  draft: Draft;
  types: NodeTypes;
  problems: readonly DefinitionProblem[];
  /** The execution whose data are shown: the one that is watched, else the last one. */
  run: string | null;
  ran: ExecutionDetail | null;
  isFixed: boolean;
  onEdit: Edit;
  onChoose: (node: string | null) => void;
}) {
  const { t } = useTranslation();
  const node = draft.byKey.get(nodeKey);
  if (!node) return null;
  const type = node.type === null ? undefined : types.get(node.type);
  const given = recordOf(node.written.with) ?? {};
  const fields = fieldsOf(type?.schema);
  const known = new Set(fields.map((each) => each.name));
  const others = Object.keys(given).filter((name) => !known.has(name));
  const expressions = expressionsFor(draft, nodeKey);
  const set = (path: readonly string[], value: unknown) =>
    onEdit((text) => setInNode(text, nodeKey, path, value), `${nodeKey} ${path.join()}`);
  return (
    <div className={classes.fields}>
      <Group justify="space-between" wrap="nowrap">
        <Title order={2} size="h5" className="cut">
          {nodeKey}
        </Title>
        <CloseButton onClick={() => onChoose(null)} aria-label={t("node.close")} />
      </Group>
      <Problems problems={problems} />
      <NameField
        name={node.name}
        isFixed={isFixed}
        onRename={(name) => {
          onEdit((text) => renameNode(text, nodeKey, name));
          onChoose(node.parent === null ? name : `${node.parent}.${name}`);
        }}
      />
      <Select
        size="xs"
        label={t("editor.type")}
        description={type?.problem ?? type?.summary ?? null}
        data={[...types.keys()]}
        value={node.type}
        disabled={isFixed}
        searchable
        allowDeselect={false}
        onChange={(value) => set(["type"], value ?? undefined)}
      />
      <Needs node={node} draft={draft} isFixed={isFixed} onEdit={onEdit} />
      {node.needs.length > 1 ? (
        <NativeSelect
          size="xs"
          label={t("editor.join")}
          data={JOINS.map((value) => ({ value, label: t(`editor.joins.${value}`) }))}
          value={node.written.join === "any" ? "any" : "all"}
          disabled={isFixed}
          onChange={(event) =>
            set(["join"], event.currentTarget.value === "any" ? "any" : undefined)
          }
        />
      ) : null}
      {fields.map((field) => (
        <ParameterField
          key={`${node.type} ${field.name}`}
          field={field}
          value={given[field.name]}
          expressions={expressions}
          run={run}
          isFixed={isFixed}
          onChange={(value) => set(["with", field.name], value)}
        />
      ))}
      {others.length > 0 ? (
        <Text size="xs" className="dim">
          {t("editor.otherParameters", { names: others.join(", ") })}
        </Text>
      ) : null}
      <Group grow align="flex-start">
        <PlainField
          name="timeout"
          value={node.written.timeout}
          isFixed={isFixed}
          onChange={(value) => set(["timeout"], value)}
        />
        <PlainField
          name="retry"
          value={node.written.retry}
          isFixed={isFixed}
          onChange={(value) => set(["retry"], value)}
        />
      </Group>
      <LastData nodeKey={nodeKey} execution={run} ran={ran} />
    </div>
  );
}

function NameField({
  name,
  isFixed,
  onRename,
}: {
  name: string;
  isFixed: boolean;
  onRename: (name: string) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(name);
  const isWrong = !KEY.test(text);
  const finish = () => {
    if (text !== name && !isWrong) onRename(text);
  };
  return (
    <TextInput
      size="xs"
      label={t("editor.key")}
      value={text}
      disabled={isFixed}
      error={isWrong ? t("editor.wrongKey") : null}
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={finish}
      onKeyDown={(event) => {
        if (event.key === "Enter") finish();
      }}
    />
  );
}

/** A setting of every node that is a number or a span; more of it is written in the text. */
function PlainField({
  name,
  value,
  isFixed,
  onChange,
}: {
  name: "timeout" | "retry";
  value: unknown;
  isFixed: boolean;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const isWritten = typeof value === "object" && value !== null;
  return (
    <TextInput
      size="xs"
      label={t(`editor.${name}`)}
      placeholder={t(`editor.${name}Usual`)}
      value={isWritten ? t("editor.inText") : String(value ?? "")}
      disabled={isFixed || isWritten}
      onChange={(event) => {
        const text = event.currentTarget.value.trim();
        onChange(text === "" ? undefined : /^\d+$/.test(text) ? Number(text) : text);
      }}
    />
  );
}
