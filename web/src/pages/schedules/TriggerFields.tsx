import { Group, SegmentedControl, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type FormFault, type ScheduleForm, TRIGGERS, UNITS } from "../../model/scheduleForm";
import { useTriggerWords } from "./words";

/** What makes a schedule due: an expression, an interval, or one moment. */
export function TriggerFields({
  form,
  fault,
  zone,
  onChange,
}: {
  form: ScheduleForm;
  fault: FormFault | null;
  zone: string;
  onChange: (changes: Partial<ScheduleForm>) => void;
}) {
  const { t } = useTranslation();
  const words = useTriggerWords();
  const expression = form.expression.trim();
  const said = words({ trigger: { type: "cron", expression } }, zone);
  return (
    <>
      <SegmentedControl
        aria-label={t("schedules.trigger")}
        data={TRIGGERS.map((value) => ({ value, label: t(`schedules.triggers.${value}`) }))}
        value={form.type}
        onChange={(value) => onChange({ type: TRIGGERS.find((each) => each === value) ?? "cron" })}
      />
      {form.type === "cron" ? (
        <TextInput
          label={t("schedules.expression")}
          description={said === expression ? t("schedules.expressionText") : said}
          classNames={{ input: "mono" }}
          value={form.expression}
          error={fault === "expression" ? t("schedules.fault.expression") : null}
          onChange={(event) => onChange({ expression: event.currentTarget.value })}
        />
      ) : null}
      {form.type === "interval" ? (
        <Group align="flex-end" grow>
          <TextInput
            label={t("schedules.everySo")}
            inputMode="decimal"
            value={form.every}
            error={fault === "every" ? t("schedules.fault.every") : null}
            onChange={(event) => onChange({ every: event.currentTarget.value })}
          />
          <Select
            label={t("schedules.unit")}
            data={UNITS.map((value) => ({ value, label: t(`schedules.units.${value}`) }))}
            value={form.unit}
            allowDeselect={false}
            onChange={(value) => onChange({ unit: UNITS.find((each) => each === value) ?? "m" })}
          />
        </Group>
      ) : null}
      {form.type === "at" ? (
        <TextInput
          type="datetime-local"
          label={t("schedules.moment")}
          value={form.moment}
          error={fault === "moment" ? t("schedules.fault.moment") : null}
          onChange={(event) => onChange({ moment: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}
