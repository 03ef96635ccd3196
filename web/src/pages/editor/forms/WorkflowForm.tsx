import { Text, Textarea, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { DefinitionProblem } from "../../../api/types";
import type { Draft } from "../../../model/editing/draft";
import { setInWorkflow } from "../../../model/editing/edits";
import classes from "../Editor.module.css";
import type { Edit } from "../useDraft";
import { ParameterField } from "./ParameterField";
import { Problems } from "./Problems";

const WHOLE = ["inputs", "variables", "output"] as const;

/** What belongs to the workflow itself. */
export function WorkflowForm({
  draft,
  isNamed,
  problems,
  isFixed,
  onEdit,
}: {
  draft: Draft;
  /** Whether it is given its name here. */
  isNamed: boolean;
  problems: readonly DefinitionProblem[];
  isFixed: boolean;
  onEdit: Edit;
}) {
  const { t } = useTranslation();
  const { written } = draft;
  const set = (name: string, value: unknown) =>
    onEdit((text) => setInWorkflow(text, [name], value), name);
  return (
    <div className={classes.fields}>
      <Title order={2} size="h5">
        {t("editor.workflow")}
      </Title>
      <Problems problems={problems} />
      <Text size="xs" className="dim">
        {t("editor.hint")}
      </Text>
      {isNamed ? (
        <TextInput
          size="xs"
          label={t("editor.name")}
          value={draft.name}
          withAsterisk
          disabled={isFixed}
          onChange={(event) => set("workflow", event.currentTarget.value)}
        />
      ) : null}
      <Textarea
        size="xs"
        label={t("editor.description")}
        value={typeof written.description === "string" ? written.description : ""}
        autosize
        disabled={isFixed}
        onChange={(event) => set("description", event.currentTarget.value || undefined)}
      />
      {WHOLE.map((name) => (
        <ParameterField
          key={name}
          field={{
            name: t(`editor.whole.${name}`),
            kind: "value",
            description: t(`editor.wholeText.${name}`),
            isRequired: false,
            choices: [],
            usual: "",
            isWhole: false,
            isLong: true,
            takesText: name === "output",
            takesMapping: true,
          }}
          value={written[name]}
          expressions={[]}
          run={null}
          isFixed={isFixed}
          onChange={(value) => set(name, value)}
        />
      ))}
    </div>
  );
}
