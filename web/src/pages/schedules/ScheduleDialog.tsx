import { Button, Checkbox, Group, JsonInput, Modal, Select, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { ScheduleSummary } from "../../api/types";
import { Problem } from "../../components/Panel";
import { usePreferences } from "../../components/preferences";
import { ZoneSelect } from "../../components/ZoneSelect";
import {
  CATCH_UPS,
  definitionOf,
  formOf,
  NEW_SCHEDULE,
  type ScheduleForm,
} from "../../model/scheduleForm";
import { zoneName } from "../../model/times";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import classes from "./Schedules.module.css";
import { TimesPreview } from "./TimesPreview";
import { TriggerFields } from "./TriggerFields";

const TEMPLATE = "{{ due.date }}";

/** Make a schedule, or change one from now on; shows when it would be due while one types. */
export function ScheduleDialog({
  schedule,
  workflow: given = "",
  onDone,
  onClose,
}: {
  schedule: ScheduleSummary | null;
  workflow?: string;
  onDone: (id: string) => unknown;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const { zone: chosen } = usePreferences();
  const [workflow, setWorkflow] = useState(schedule?.workflow ?? given);
  const [name, setName] = useState(schedule?.name ?? "");
  const [zone, setZone] = useState(schedule?.timezone ?? zoneName(chosen));
  const [form, setForm] = useState<ScheduleForm>(() =>
    schedule ? formOf(schedule.definition, schedule.timezone) : NEW_SCHEDULE,
  );
  const [hasMore, setHasMore] = useState(schedule !== null);
  const set = (changes: Partial<ScheduleForm>) => setForm((now) => ({ ...now, ...changes }));
  const made = definitionOf(form, zone);
  const fault = "fault" in made ? made.fault : null;
  const save = useMutation({
    mutationFn: async () => {
      if ("fault" in made) return null;
      const body = { definition: made.definition, timezone: zone, name: name.trim() || null };
      if (schedule) {
        const path = { schedule: schedule.id };
        return change("put", "/api/v1/schedules/{schedule}", { path, body });
      }
      return change("post", "/api/v1/schedules", { body: { ...body, workflow } });
    },
    onSuccess: (saved) => {
      onClose();
      if (saved) onDone(saved.schedule.id);
    },
  });
  return (
    <Modal
      opened
      size="xl"
      onClose={onClose}
      title={schedule ? t("schedules.editTitle", { name: schedule.name }) : t("schedules.newTitle")}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Stack>
          <div className={classes.times}>
            {schedule ? (
              <TextInput label={t("schedules.workflow")} value={workflow} readOnly />
            ) : (
              <WorkflowSelect
                label={t("schedules.workflow")}
                kind="graph"
                value={workflow}
                onChange={setWorkflow}
              />
            )}
            <TextInput
              label={t("schedules.name")}
              placeholder={t("schedules.nameText")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          </div>
          <div className={classes.times}>
            <Stack gap="sm">
              <TriggerFields form={form} fault={fault} zone={zone} onChange={set} />
              <ZoneSelect label={t("schedules.zone")} value={zone} onChange={setZone} />
            </Stack>
            <TimesPreview definition={"fault" in made ? null : made.definition} zone={zone} />
          </div>
          {hasMore ? (
            <MoreFields form={form} fault={fault} onChange={set} />
          ) : (
            <div>
              <Button variant="default" size="xs" onClick={() => setHasMore(true)}>
                {t("schedules.more")}
              </Button>
            </div>
          )}
          <Problem error={save.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.back")}
            </Button>
            <Button
              type="submit"
              loading={save.isPending}
              disabled={fault !== null || workflow === ""}
            >
              {t(schedule ? "schedules.save" : "schedules.make")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

function MoreFields({
  form,
  fault,
  onChange,
}: {
  form: ScheduleForm;
  fault: string | null;
  onChange: (changes: Partial<ScheduleForm>) => void;
}) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.times}>
        <TextInput
          type="datetime-local"
          label={t("schedules.start")}
          value={form.start}
          onChange={(event) => onChange({ start: event.currentTarget.value })}
        />
        <TextInput
          type="datetime-local"
          label={t("schedules.end")}
          value={form.end}
          onChange={(event) => onChange({ end: event.currentTarget.value })}
        />
        <TextInput
          label={t("schedules.grace")}
          description={t("schedules.graceText")}
          inputMode="decimal"
          value={form.grace}
          error={fault === "grace" ? t("schedules.fault.grace") : null}
          onChange={(event) => onChange({ grace: event.currentTarget.value })}
        />
        <Select
          label={t("schedules.late")}
          description={t("schedules.lateText")}
          data={CATCH_UPS.map((value) => ({ value, label: t(`schedules.catchUp.${value}`) }))}
          value={form.catchUp}
          allowDeselect={false}
          onChange={(value) =>
            onChange({ catchUp: CATCH_UPS.find((each) => each === value) ?? "none" })
          }
        />
      </div>
      <Checkbox
        label={t("schedules.coalesce")}
        checked={form.coalesce}
        onChange={(event) => onChange({ coalesce: event.currentTarget.checked })}
      />
      <JsonInput
        label={t("schedules.input")}
        description={t("schedules.inputText", { example: TEMPLATE })}
        value={form.input}
        error={fault === "input" ? t("schedules.fault.input") : null}
        onChange={(input) => onChange({ input })}
        autosize
        minRows={2}
        classNames={{ input: "mono" }}
      />
    </>
  );
}
