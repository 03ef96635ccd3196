import { Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { change } from "../../api/client";
import type { ScheduleDefinition } from "../../api/types";
import { Problem } from "../../components/Panel";
import { ComingFires } from "./ComingFires";
import classes from "./Schedules.module.css";

const TYPING_PAUSE_MS = 300;
const SHOWN = 5;

/** When what stands in the form would be due, as the server works it out. */
export function TimesPreview({
  definition,
  zone,
}: {
  definition: ScheduleDefinition | null;
  zone: string;
}) {
  const { t } = useTranslation();
  const [asked] = useDebouncedValue(
    JSON.stringify({ definition, timezone: zone }),
    TYPING_PAUSE_MS,
  );
  const times = useQuery({
    queryKey: ["schedule-preview", asked],
    queryFn: ({ signal }) => {
      const body = JSON.parse(asked) as { definition: ScheduleDefinition; timezone: string };
      return change("post", "/api/v1/schedules/preview", {
        body: { ...body, count: SHOWN },
        signal,
      });
    },
    enabled: definition !== null,
    placeholderData: keepPreviousData,
    gcTime: 0,
  });
  const fires = times.data?.times ?? [];
  return (
    <section className={classes.preview} aria-label={t("schedules.next")} aria-live="polite">
      <Text size="sm" fw={600}>
        {t("schedules.next")}
      </Text>
      {definition === null ? null : times.error ? (
        <Problem error={times.error} />
      ) : times.data && fires.length === 0 ? (
        <Text size="sm">{t("schedules.never")}</Text>
      ) : (
        <ComingFires fires={fires} zone={zone} />
      )}
    </section>
  );
}
