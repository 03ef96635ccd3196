import { useTranslation } from "react-i18next";
import { TRIGGERS } from "../model/filters";

/** Says what made an execution start: a word of ours in the language, another as it was given. */
export function useTriggerWord(): (trigger: string) => string {
  const { t } = useTranslation();
  return (trigger) => {
    const known = TRIGGERS.find((each) => each === trigger);
    return known ? t(`trigger.${known}`) : trigger;
  };
}
