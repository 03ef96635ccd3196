import { Progress, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { BulkState } from "../model/bulk";

/** How acting on many goes, and why some of them could not be acted upon. */
export function BulkProgress({ state }: { state: BulkState | null }) {
  const { t } = useTranslation();
  if (state === null) return null;
  return (
    <>
      <Progress
        value={(100 * (state.done + state.failed)) / Math.max(1, state.total)}
        aria-label={t("bulk.progress")}
      />
      <Text size="sm" aria-live="polite">
        {t("bulk.state", { done: state.done, failed: state.failed, total: state.total })}
      </Text>
      {[...state.reasons].map(([words, times]) => (
        <Text key={words} size="sm" c="red">
          {words}
          {times > 1 ? ` (${times})` : ""}
        </Text>
      ))}
    </>
  );
}
