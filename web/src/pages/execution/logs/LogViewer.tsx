import { ActionIcon, Button, Chip, Group, Text, Tooltip } from "@mantine/core";
import { useFullscreenElement } from "@mantine/hooks";
import {
  IconAlertCircle,
  IconArrowBarToDown,
  IconArrowBarToUp,
  IconClockHour4,
  IconDownload,
  IconMaximize,
  IconSearch,
  IconTextWrap,
  IconX,
} from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLevel, NodeSummary } from "../../../api/types";
import { usePreferences } from "../../../components/preferences";
import { EmptyState, Loading, StaleBanner } from "../../../components/States";
import { useShortcuts } from "../../../components/shortcuts";
import { useSearchState } from "../../../components/useSearchState";
import { zoneLabel } from "../../../model/times";
import { FindBar } from "./FindBar";
import classes from "./Log.module.css";
import { LogLines, type LogLinesHandle } from "./LogLines";
import { saveLog } from "./saveLog";
import { useFind } from "./useFind";
import { readLog, useLog } from "./useLog";

const LEVELS: readonly LogLevel[] = ["debug", "info", "warning", "error"];
const HOW_TO_LOG = "everyrun.log('12 rows read', level='info')";

/** The log of an execution, or of one of its nodes: its tail first, however long it is. */
export function LogViewer({
  execution,
  workflow,
  node,
  lines,
  isOpen,
  onClearNode,
}: {
  execution: string;
  workflow: string;
  node: NodeSummary | null;
  lines: number;
  isOpen: boolean;
  onClearNode: () => void;
}) {
  const { t } = useTranslation();
  const { zone } = usePreferences();
  const { search, set } = useSearchState();
  const levels = (search.level ?? "")
    .split(",")
    .filter((each) => LEVELS.includes(each as LogLevel));
  const line = Number(search.line) || null;
  const [wraps, setWraps] = useState(false);
  const [hasTimes, setHasTimes] = useState(true);
  const [isFinding, setIsFinding] = useState(Boolean(search.find));
  const [saved, setSaved] = useState<number | null>(null);
  const view = useRef<LogLinesHandle>(null);
  const query = { execution, node: node?.id ?? null, levels };
  const log = useLog(query, lines, line);
  const text = isFinding ? (search.find ?? "") : "";
  const find = useFind(query, text);
  const { ref: frame, toggle: toggleFullscreen } = useFullscreenElement();
  const goTo = async (position: number) => {
    await log.reach(position);
    set({ line: String(position) }, false);
    view.current?.show(position);
  };
  const toFirstError = async () => {
    const page = await readLog({ ...query, levels: ["error"] }, { after: 0, limit: 1 });
    const first = page.lines[0];
    if (first) await goTo(first.position);
  };
  const toBeginning = async () => {
    const page = await readLog(query, { after: 0, limit: 1 });
    const first = page.lines[0];
    if (first) await goTo(first.position);
  };
  const toEnd = async () => {
    set({ line: null }, false);
    await log.toTail();
    view.current?.follow();
  };
  const save = async () => {
    if (saved !== null) return;
    setSaved(0);
    try {
      const name = `${workflow} ${execution}.log`.replaceAll("/", "_");
      await saveLog(query, name, setSaved, new AbortController().signal);
    } finally {
      setSaved(null);
    }
  };
  const keys = [
    { keys: "/", name: "find", run: () => setIsFinding(true), Icon: IconSearch },
    { keys: "e", name: "firstError", run: () => void toFirstError(), Icon: IconAlertCircle },
    { keys: "w", name: "wrap", run: () => setWraps((now) => !now), Icon: IconTextWrap },
    { keys: "t", name: "times", run: () => setHasTimes((now) => !now), Icon: IconClockHour4 },
    { keys: "f", name: "full", run: () => void toggleFullscreen(), Icon: IconMaximize },
    { keys: "d", name: "save", run: () => void save(), Icon: IconDownload },
    { keys: "Home", name: "beginning", run: () => void toBeginning(), Icon: IconArrowBarToUp },
    { keys: "End", name: "end", run: () => void toEnd(), Icon: IconArrowBarToDown },
  ] as const;
  useShortcuts(
    t("tabs.logs"),
    keys.map(({ keys: pressed, name, run }) => ({ keys: pressed, words: t(`log.${name}`), run })),
  );
  const pressed: Partial<Record<string, boolean>> = { wrap: wraps, times: hasTimes };
  const isBare = log.window !== null && log.window.lines.length === 0;
  return (
    <div ref={frame} className={classes.viewer}>
      <Group className={classes.bar} gap="xs">
        <Group gap={4} role="group" aria-label={t("log.levels")}>
          {LEVELS.map((level) => (
            <Chip
              key={level}
              size="xs"
              variant="light"
              checked={levels.includes(level)}
              onChange={(isOn) =>
                set(
                  {
                    level: (isOn
                      ? [...levels, level]
                      : levels.filter((each) => each !== level)
                    ).join(),
                    line: null,
                  },
                  false,
                )
              }
            >
              {t(`level.${level}`)}
            </Chip>
          ))}
        </Group>
        {node ? (
          <Button
            size="compact-xs"
            variant="light"
            rightSection={<IconX size={13} />}
            onClick={onClearNode}
            aria-label={t("log.clearNode", { node: node.node })}
          >
            {node.node}
          </Button>
        ) : null}
        <Text size="xs" className="dim number" ml="auto" aria-live="polite">
          {saved !== null
            ? t("log.saving", { number: saved.toLocaleString() })
            : t("log.count", { count: lines, number: lines.toLocaleString() })}
          {hasTimes ? ` · ${zoneLabel(Date.now(), zone)}` : ""}
        </Text>
        <Group gap={2}>
          {keys.map(({ keys: key, name, run, Icon }) => (
            <Tooltip key={name} label={`${t(`log.${name}`)} (${key})`}>
              <ActionIcon
                variant={pressed[name] ? "light" : "subtle"}
                color={pressed[name] ? "accent" : "gray"}
                size="md"
                aria-label={t(`log.${name}`)}
                {...(name in pressed ? { "aria-pressed": pressed[name] } : {})}
                onClick={run}
              >
                <Icon size={16} />
              </ActionIcon>
            </Tooltip>
          ))}
        </Group>
      </Group>
      {isFinding ? (
        <FindBar
          text={text}
          find={find}
          onText={(next) => {
            find.restart();
            set({ find: next }, false);
          }}
          onGo={(position) => void goTo(position)}
          onClose={() => {
            setIsFinding(false);
            set({ find: null }, false);
          }}
        />
      ) : null}
      <StaleBanner
        error={log.error}
        readAt={log.window ? Date.now() : null}
        onRetry={() => void log.toTail()}
      />
      {log.window === null ? (
        log.error ? null : (
          <Loading />
        )
      ) : isBare ? (
        <EmptyState
          title={t(levels.length > 0 || node ? "log.noneMatch" : "log.none")}
          text={t(isOpen ? "log.noneYet" : "log.noneText")}
          {...(levels.length > 0 || node ? {} : { code: HOW_TO_LOG })}
        />
      ) : (
        <LogLines
          ref={view}
          window={log.window}
          total={lines}
          wraps={wraps}
          hasTimes={hasTimes}
          hasNodes={node === null}
          wanted={text}
          current={line}
          startsAtEnd={line === null}
          onEarlier={log.earlier}
          onLater={log.later}
          onEnd={() => void toEnd()}
          onPick={(position) => set({ line: String(position) }, false)}
        />
      )}
    </div>
  );
}
