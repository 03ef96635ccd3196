import { useTranslation } from "react-i18next";
import { cronWords } from "../../model/cronWords";
import { formOf } from "../../model/scheduleForm";

/** When a schedule is due, as one would say it; an expression that is too much for that stays. */
export function useTriggerWords(): (definition: unknown, zone: string) => string {
  const { t, i18n } = useTranslation();
  return (definition, zone) => {
    const form = formOf(definition, zone);
    if (form.type === "at") return t("schedules.once", { at: form.moment.replace("T", " ") });
    if (form.type === "interval") {
      return t(`schedules.every.${form.unit}`, { count: Number(form.every) });
    }
    const words = cronWords(form.expression, i18n.language);
    if (words === null) return form.expression;
    const { sentence, count, at, days } = words;
    return t(`schedules.cron.${sentence}`, { count, at, days });
  };
}
