import {
  Button,
  Checkbox,
  Group,
  JsonInput,
  Modal,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change, get } from "../../api/client";
import { feed } from "../../api/feed";
import { Loading, useProblemText } from "../../components/States";
import { type InputField, inputFields, inputsOf, textOf, wrongFields } from "../../model/inputForm";

/** What is to be run: its name, its newest version, and its last run, whose inputs are offered. */
export interface Runnable {
  id: string;
  name: string;
  version: number | null;
  last_run: { id: string } | null;
}

/** Run a workflow with a form made from its inputs, filled with the values of its last run. */
export function RunDialog({
  workflow,
  onClose,
  onStarted,
}: {
  workflow: Runnable;
  onClose: () => void;
  /** What to do with the execution that was begun; it is opened where nothing is said. */
  onStarted?: (execution: string) => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const navigate = useNavigate();
  const { name, last_run: last } = workflow;
  const open = (id: string) => void navigate({ to: "/executions/$id", params: { id } });
  const form = useQuery({
    queryKey: ["run-form", workflow.id, workflow.version, last?.id],
    queryFn: async ({ signal }) => {
      const [whole, before] = await Promise.all([
        get("/api/v1/workflows/{name}", {
          path: { name },
          query: { kind: "graph", form: "canonical" },
          signal,
        }),
        last
          ? get("/api/v1/executions/{execution}", {
              path: { execution: last.id },
              query: { fields: "input" },
              signal,
            })
          : null,
      ]);
      return inputFields(whole.definition, before?.input ?? null);
    },
    gcTime: 0,
  });
  return (
    <Modal opened onClose={onClose} title={t("run.title", { workflow: name })} size="lg">
      {form.data ? (
        <RunForm name={name} fields={form.data} onClose={onClose} onStarted={onStarted ?? open} />
      ) : form.error ? (
        <Text c="red" role="alert">
          {problemText(form.error)}
        </Text>
      ) : (
        <Loading rows={3} />
      )}
    </Modal>
  );
}

function RunForm({
  name,
  fields,
  onClose,
  onStarted,
}: {
  name: string;
  fields: readonly InputField[];
  onClose: () => void;
  onStarted: (execution: string) => void;
}) {
  const { t } = useTranslation();
  const problemText = useProblemText();
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(() =>
    Object.fromEntries(fields.map((field) => [field.name, textOf(field)])),
  );
  const wrong = wrongFields(fields, texts);
  const start = useMutation({
    mutationFn: () =>
      change("post", "/api/v1/workflows/{workflow}/executions", {
        path: { workflow: name },
        body: { input: inputsOf(fields, texts) },
      }),
    onSuccess: (made) => {
      feed.ask();
      onClose();
      onStarted(made.id);
    },
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        start.mutate();
      }}
    >
      <Stack>
        {fields.length === 0 ? <Text className="dim">{t("run.noInputs")}</Text> : null}
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            text={texts[field.name] ?? ""}
            error={wrong.has(field.name) ? t(`run.wrong.${field.type}`) : null}
            onChange={(text) => setTexts((now) => ({ ...now, [field.name]: text }))}
          />
        ))}
        {start.error ? (
          <Text size="sm" c="red" role="alert">
            {problemText(start.error)}
          </Text>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.back")}
          </Button>
          <Button type="submit" loading={start.isPending} disabled={wrong.size > 0}>
            {t("run.start")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Field({
  field,
  text,
  error,
  onChange,
}: {
  field: InputField;
  text: string;
  error: string | null;
  onChange: (text: string) => void;
}) {
  const shown = {
    label: field.name,
    description: field.description,
    required: field.isRequired,
    error,
  };
  if (field.choices) {
    return (
      <Select
        {...shown}
        data={[...field.choices]}
        value={text || null}
        onChange={(value) => onChange(value ?? "")}
      />
    );
  }
  if (field.type === "boolean") {
    return (
      <Checkbox
        label={field.name}
        description={field.description}
        checked={text === "true"}
        onChange={(event) => onChange(String(event.currentTarget.checked))}
      />
    );
  }
  if (field.type === "list" || field.type === "object") {
    return (
      <JsonInput
        {...shown}
        value={text}
        onChange={onChange}
        autosize
        minRows={2}
        classNames={{ input: "mono" }}
      />
    );
  }
  return (
    <TextInput
      {...shown}
      inputMode={field.type === "integer" || field.type === "number" ? "decimal" : "text"}
      value={text}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
