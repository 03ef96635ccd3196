import { Button, Group, Switch, Text, Title, Tooltip } from "@mantine/core";
import { IconPencil, IconPlayerPlay } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { WorkflowDetail, WorkflowKind } from "../../api/types";
import { ActionButton } from "../../components/ActionButton";
import { Ago } from "../../components/Moment";
import { useMe } from "../../components/me";
import { useProblemText } from "../../components/States";
import { useShortcuts } from "../../components/shortcuts";
import { mayAct } from "../../model/rights";
import { RunDialog } from "../workflows/RunDialog";
import classes from "./Workflow.module.css";

/** What a workflow is, and what may be done with it. */
export function WorkflowHeader({
  workflow,
  onChange,
}: {
  workflow: WorkflowDetail;
  onChange: () => void;
}) {
  const { t } = useTranslation();
  const me = useMe();
  const problemText = useProblemText();
  const [isRunning, setIsRunning] = useState(false);
  const { name, kind, version } = workflow;
  const hindrance = mayAct(me.role, "operator") ? null : "role";
  const isGraph = kind === "graph";
  const runHindrance = hindrance ?? (isGraph && !workflow.deleted ? null : "foreign");
  const toggle = useMutation({
    mutationFn: (active: boolean) =>
      change("patch", "/api/v1/workflows/{name}", {
        path: { name },
        query: { kind: kind as WorkflowKind },
        body: { active },
      }),
    onSettled: onChange,
  });
  useShortcuts(
    t("nav.workflows"),
    runHindrance === null
      ? [{ keys: "r", words: t("workflows.run"), run: () => setIsRunning(true) }]
      : [],
  );
  return (
    <header className={classes.header}>
      <div className={classes.words}>
        <Group gap="sm">
          <Title order={1} size="h3" style={{ overflowWrap: "anywhere" }}>
            {name}
          </Title>
          <Text size="sm" className="dim">
            {t(`kind.${kind as "graph"}`)}
            {version === null ? null : ` · ${t("execution.version", { version })}`}
            {version === null || !workflow.created_at ? null : (
              <>
                {" · "}
                <Ago at={workflow.created_at} />
              </>
            )}
          </Text>
        </Group>
        {workflow.description ? <Text size="sm">{workflow.description}</Text> : null}
        {workflow.deleted ? (
          <Text size="sm" role="status">
            {t("workflow.deleted")}
          </Text>
        ) : null}
        {toggle.error ? (
          <Text size="sm" c="red" role="alert">
            {problemText(toggle.error)}
          </Text>
        ) : null}
      </div>
      <Group gap="sm">
        <Tooltip label={hindrance ? t(`hindrance.${hindrance}`) : ""} disabled={!hindrance}>
          <Switch
            label={t("workflow.active")}
            checked={workflow.active}
            disabled={hindrance !== null || toggle.isPending || workflow.deleted}
            onChange={(event) => toggle.mutate(event.currentTarget.checked)}
          />
        </Tooltip>
        {isGraph ? (
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={15} />}
            renderRoot={(props) => (
              <Link to="/workflows/$name/edit" params={{ name }} preload={false} {...props} />
            )}
          >
            {t("workflow.edit")}
          </Button>
        ) : null}
        <ActionButton
          hindrance={runHindrance}
          keys="r"
          variant="filled"
          leftSection={<IconPlayerPlay size={15} />}
          onClick={() => setIsRunning(true)}
        >
          {t("workflows.run")}
        </ActionButton>
      </Group>
      {isRunning ? (
        <RunDialog
          workflow={{ id: workflow.id, name, version, last_run: workflow.last_runs[0] ?? null }}
          onClose={() => setIsRunning(false)}
        />
      ) : null}
    </header>
  );
}
