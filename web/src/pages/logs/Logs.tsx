import { Button, Chip, Group, Loader, Select, TextInput, Title } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { get } from "../../api/client";
import { usePages } from "../../api/pages";
import type { FoundLine, LogLevel } from "../../api/types";
import { Ago, At } from "../../components/Moment";
import { usePreferences } from "../../components/preferences";
import { EmptyState, Loading, StaleBanner } from "../../components/States";
import { usePageTitle } from "../../components/usePageTitle";
import { useSearchState } from "../../components/useSearchState";
import { marked, plainText } from "../../model/ansi";
import { RANGES, type Range, sinceOf } from "../../model/filters";
import { WorkflowSelect } from "../executions/WorkflowSelect";
import classes from "./Logs.module.css";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];
const PAGE = 100;
const TYPING_PAUSE_MS = 300;

/** Lines of all executions that contain a text, the newest first; the server looks. */
export function Logs() {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  usePageTitle(t("nav.logs"));
  const [text, setText] = useState(search.text ?? "");
  const tell = useDebouncedCallback(
    (value: string) => set({ text: value.trim() }, false),
    TYPING_PAUSE_MS,
  );
  const levels = (search.level ?? "")
    .split(",")
    .filter((each) => LEVELS.includes(each as LogLevel));
  const range = RANGES.find((each) => each === search.range) ?? null;
  const since = useMemo(
    () => (range === null ? null : sinceOf(range, Date.now(), zone)),
    [range, zone],
  );
  const query = {
    limit: PAGE,
    ...(search.text ? { text: search.text } : {}),
    ...(levels.length > 0 ? { level: levels } : {}),
    ...(search.workflow ? { workflow: search.workflow } : {}),
    ...(since === null ? {} : { since }),
  };
  const found = usePages(["logs", JSON.stringify(query)], (after, signal) =>
    get("/api/v1/logs", {
      query: { ...query, ...after },
      signal,
    }),
  );
  const lines = found.data?.pages.flatMap((page) => page.lines) ?? [];
  const searchedTo = found.data?.pages.at(-1)?.searched_to ?? null;
  return (
    <div className={classes.page}>
      <Title order={1} size="h3">
        {t("nav.logs")}
      </Title>
      <search className={classes.filters}>
        <TextInput
          size="sm"
          className={classes.text ?? ""}
          leftSection={<IconSearch size={16} />}
          placeholder={t("logs.text")}
          aria-label={t("logs.text")}
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            tell(event.currentTarget.value);
          }}
          rightSection={found.isFetching ? <Loader size={14} /> : null}
        />
        <WorkflowSelect value={search.workflow ?? ""} onChange={(workflow) => set({ workflow })} />
        <Select
          size="xs"
          w={150}
          placeholder={t("logs.range")}
          aria-label={t("logs.range")}
          data={RANGES.map((value) => ({ value, label: t(`range.${value}`) }))}
          value={range}
          onChange={(value) => set({ range: value as Range | null })}
          clearable
        />
        <Group gap={4} role="group" aria-label={t("log.levels")}>
          {LEVELS.map((level) => (
            <Chip
              key={level}
              size="xs"
              variant="light"
              checked={levels.includes(level)}
              onChange={(isOn) =>
                set({
                  level: (isOn
                    ? [...levels, level]
                    : levels.filter((each) => each !== level)
                  ).join(),
                })
              }
            >
              {t(`level.${level}`)}
            </Chip>
          ))}
        </Group>
      </search>
      <StaleBanner
        error={found.error}
        readAt={found.data ? found.dataUpdatedAt : null}
        onRetry={() => void found.refetch()}
      />
      {found.isPending ? (
        found.error ? null : (
          <Loading rows={10} />
        )
      ) : lines.length === 0 && !found.hasNextPage ? (
        <EmptyState title={t("logs.none")} text={t("logs.noneText")} />
      ) : (
        <ol className={`panel ${classes.lines}`} aria-label={t("nav.logs")}>
          {lines.map((line) => (
            <Found key={line.id} line={line} wanted={search.text ?? ""} />
          ))}
        </ol>
      )}
      {found.hasNextPage ? (
        <Group justify="center" pb="xl">
          {searchedTo ? (
            <span className="dim">
              {t("executions.searchedTo")} <Ago at={searchedTo} />
            </span>
          ) : null}
          <Button
            size="xs"
            variant="default"
            loading={found.isFetchingNextPage}
            onClick={() => void found.fetchNextPage()}
          >
            {t("common.more")}
          </Button>
        </Group>
      ) : null}
    </div>
  );
}

function Found({ line, wanted }: { line: FoundLine; wanted: string }) {
  const { t } = useTranslation();
  return (
    <li className={classes.line} data-level={line.level}>
      <Link
        to="/executions/$id"
        params={{ id: line.execution_id }}
        search={{ tab: "logs", line: String(line.position) }}
        preload={false}
        className={classes.where}
      >
        <span className="cut">{line.workflow}</span>
        <span className="dim cut">{line.node}</span>
      </Link>
      <span className={classes.time}>
        <At at={line.timestamp} isBare />
      </span>
      <span className={classes.level}>{t(`level.${line.level as "info"}`)}</span>
      <span className={classes.message}>
        {marked(plainText(line.message), wanted).map((part, index) =>
          part.isFound ? (
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text stand in order
            <mark key={index} className={classes.mark}>
              {part.text}
            </mark>
          ) : (
            part.text
          ),
        )}
      </span>
    </li>
  );
}
