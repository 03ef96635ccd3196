import { Button, Group, Modal, SegmentedControl, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { get, getText } from "../../api/client";
import { ChangeList } from "../../components/ChangeList";
import { LineDiff } from "../../components/LineDiff";
import { Ago } from "../../components/Moment";
import { Loading, StaleBanner } from "../../components/States";
import type { Conflict } from "./useSave";

/** Somebody saved meanwhile: what they changed, how ours differs, and which of both is to stay. */
export function ConflictDialog({
  name,
  base,
  conflict,
  text,
  isBusy,
  onKeep,
  onTake,
  onClose,
}: {
  name: string;
  base: number;
  conflict: Conflict;
  text: string;
  isBusy: boolean;
  onKeep: (over: number) => void;
  onTake: (theirs: { version: number; text: string }) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [shown, setShown] = useState<"theirs" | "both">("theirs");
  const { version } = conflict;
  const theirs = useQuery({
    queryKey: ["conflict", name, base, version],
    queryFn: async ({ signal }) => {
      const [file, diff] = await Promise.all([
        getText("/api/v1/workflows/{name}/definition.yaml", {
          path: { name },
          query: { version },
          signal,
        }),
        base === 0
          ? null
          : get("/api/v1/workflows/{name}/versions/{number}/diff", {
              path: { name, number: base },
              query: { with: version },
              signal,
            }),
      ]);
      return { text: file.text, difference: diff?.difference ?? null };
    },
  });
  const { data } = theirs;
  return (
    <Modal opened onClose={onClose} title={t("conflict.title")} size="xl">
      <Stack>
        <Text>
          {t("conflict.text", { version, name: conflict.savedBy ?? t("conflict.somebody") })}{" "}
          <Ago at={conflict.savedAt} />
        </Text>
        <SegmentedControl
          size="xs"
          aria-label={t("conflict.view")}
          data={[
            { value: "theirs" as const, label: t("conflict.theirs") },
            { value: "both" as const, label: t("conflict.both") },
          ]}
          value={shown}
          onChange={setShown}
        />
        {data ? (
          shown === "theirs" && data.difference ? (
            <ChangeList difference={data.difference} />
          ) : (
            <LineDiff before={data.text} after={text} />
          )
        ) : theirs.error ? (
          <StaleBanner error={theirs.error} readAt={null} onRetry={() => void theirs.refetch()} />
        ) : (
          <Loading rows={4} />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("conflict.goOn")}
          </Button>
          <Button
            variant="default"
            disabled={!data}
            onClick={() => data && onTake({ version, text: data.text })}
          >
            {t("conflict.take", { version })}
          </Button>
          <Button color="red.8" loading={isBusy} onClick={() => onKeep(version)}>
            {t("conflict.keep", { version: version + 1 })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
