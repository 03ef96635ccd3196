import { Button, Group, SegmentedControl, Select, Text, Title } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { get, getText } from "../../api/client";
import { ChangeList } from "../../components/ChangeList";
import { JsonBlock } from "../../components/JsonBlock";
import { LineDiff } from "../../components/LineDiff";
import { Loading, StaleBanner } from "../../components/States";
import { useSearchState } from "../../components/useSearchState";
import classes from "./Workflow.module.css";

const VIEWS = ["changes", "lines", "whole"] as const;
const MOST_OFFERED = 500;

/** One version of a graph: what it changed since another one, by meaning or by line; or whole. */
export function VersionView({
  name,
  number,
  other,
  newest,
  onCompare,
}: {
  name: string;
  number: number;
  other: number;
  newest: number;
  onCompare: (version: number) => void;
}) {
  const { t } = useTranslation();
  const { search, set } = useSearchState();
  const hasOther = other > 0;
  const view = hasOther ? (VIEWS.find((each) => each === search.view) ?? "changes") : "whole";
  const offered = Array.from({ length: Math.min(newest, MOST_OFFERED) }, (_, at) => newest - at);
  return (
    <section className={`panel ${classes.versionView}`} aria-labelledby="version-title">
      <Group justify="space-between">
        <Title order={2} size="h5" id="version-title">
          {t("workflow.versionNumber", { number })}
        </Title>
        <Group gap="sm">
          {hasOther ? (
            <>
              <Select
                size="xs"
                w={140}
                aria-label={t("workflow.compareWith")}
                data={offered
                  .filter((each) => each !== number)
                  .map((each) => ({
                    value: String(each),
                    label: t("workflow.versionNumber", { number: each }),
                  }))}
                value={String(other)}
                onChange={(value) => onCompare(Number(value ?? number - 1))}
                allowDeselect={false}
              />
              <SegmentedControl
                size="xs"
                aria-label={t("workflow.view")}
                data={VIEWS.map((value) => ({ value, label: t(`workflow.views.${value}`) }))}
                value={view}
                onChange={(value) => set({ view: value === "changes" ? null : value }, false)}
              />
            </>
          ) : (
            <Text size="sm" className="dim">
              {t("workflow.first")}
            </Text>
          )}
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPencil size={14} />}
            renderRoot={(props) => (
              <Link
                to="/workflows/$name/edit"
                params={{ name }}
                search={number === newest ? {} : { version: String(number) }}
                preload={false}
                {...props}
              />
            )}
          >
            {t(number === newest ? "workflow.edit" : "workflow.editVersion")}
          </Button>
        </Group>
      </Group>
      {view === "changes" ? (
        <Changes name={name} before={other} after={number} />
      ) : (
        <Texts name={name} before={view === "lines" ? other : null} after={number} />
      )}
    </section>
  );
}

function Changes({ name, before, after }: { name: string; before: number; after: number }) {
  const diff = useQuery({
    queryKey: ["version-diff", name, before, after],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows/{name}/versions/{number}/diff", {
        path: { name, number: before },
        query: { with: after },
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (diff.data) return <ChangeList difference={diff.data.difference} />;
  return diff.error ? (
    <StaleBanner error={diff.error} readAt={null} onRetry={() => void diff.refetch()} />
  ) : (
    <Loading />
  );
}

function Texts({ name, before, after }: { name: string; before: number | null; after: number }) {
  const texts = useQuery({
    queryKey: ["version-texts", name, before, after],
    queryFn: async ({ signal }) => {
      const read = async (version: number) =>
        (
          await getText("/api/v1/workflows/{name}/definition.yaml", {
            path: { name },
            query: { version },
            signal,
          })
        ).text;
      return Promise.all([before === null ? null : read(before), read(after)]);
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const { t } = useTranslation();
  if (texts.data) {
    const [old, now] = texts.data;
    return old === null ? (
      <JsonBlock title={t("workflow.versionNumber", { number: after })} value={now} />
    ) : (
      <LineDiff before={old} after={now} />
    );
  }
  return texts.error ? (
    <StaleBanner error={texts.error} readAt={null} onRetry={() => void texts.refetch()} />
  ) : (
    <Loading />
  );
}
