import { Autocomplete, Select, Textarea, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Expression } from "../../../model/editing/expressions";
import { type Field, isTemplate, readValue, shownValue } from "../../../model/editing/schemaForm";
import { ExpressionMenu } from "./ExpressionMenu";

/** One parameter: entered as text, read by its schema, or a template. */
export function ParameterField({
  field,
  value,
  expressions,
  run,
  isFixed,
  onChange,
}: {
  field: Field;
  value: unknown;
  expressions: readonly Expression[];
  run: string | null;
  isFixed: boolean;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => shownValue(field, value));
  // What was entered here is left as it was typed; what was changed elsewhere is shown.
  const told = useRef(JSON.stringify(value));
  useEffect(() => {
    const now = JSON.stringify(value);
    if (now === told.current) return;
    told.current = now;
    setText(shownValue(field, value));
  }, [field, value]);
  const read = readValue(field, text);
  const enter = (next: string) => {
    setText(next);
    const entered = readValue(field, next);
    if (!entered.ok) return;
    told.current = JSON.stringify(entered.value);
    onChange(entered.value);
  };
  const shown = {
    size: "xs",
    label: field.name,
    description: field.description,
    withAsterisk: field.isRequired,
    disabled: isFixed,
    placeholder: field.usual,
    value: text,
    error: read.ok ? null : t(`editor.wrong.${field.kind}`),
  } as const;
  const menu = isFixed ? null : (
    <ExpressionMenu
      expressions={expressions}
      run={run}
      onInsert={(expression) => enter(`${text}{{ ${expression} }}`)}
    />
  );
  if (field.kind === "boolean" && !isTemplate(text)) {
    return (
      <Select
        {...shown}
        data={["true", "false"]}
        value={text === "" ? null : text}
        clearable
        onChange={(next) => enter(next ?? "")}
      />
    );
  }
  if (field.kind === "choice") {
    return <Autocomplete {...shown} data={[...field.choices]} onChange={enter} />;
  }
  if (field.kind === "text" && !field.isLong) {
    return (
      <TextInput
        {...shown}
        rightSection={menu}
        onChange={(event) => enter(event.currentTarget.value)}
      />
    );
  }
  return (
    <Textarea
      {...shown}
      rightSection={menu}
      autosize
      minRows={field.isLong ? 2 : 1}
      maxRows={12}
      spellCheck={false}
      classNames={{ input: "mono" }}
      onChange={(event) => enter(event.currentTarget.value)}
    />
  );
}
