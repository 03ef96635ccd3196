import { Button } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type Ref, useEffect, useImperativeHandle, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { LogLine } from "../../../api/types";
import { usePreferences } from "../../../components/preferences";
import { ansiPieces, marked } from "../../../model/ansi";
import { indexAt, type LogWindow } from "../../../model/logWindow";
import { absoluteTime, clockTime } from "../../../model/times";
import classes from "./Log.module.css";

const ROW = 20;
const NEAR_EDGE = 60;
const AT_END_PX = 30;

export interface LogLinesHandle {
  show: (position: number) => void;
  follow: () => void;
}

/** Lines of a log, of which only those in view are drawn; follows the end until scrolled up. */
export function LogLines({
  ref,
  window,
  total,
  wraps,
  hasTimes,
  hasNodes,
  wanted,
  current,
  startsAtEnd,
  onEarlier,
  onLater,
  onEnd,
  onPick,
}: {
  ref: Ref<LogLinesHandle>;
  window: LogWindow<LogLine>;
  total: number;
  wraps: boolean;
  hasTimes: boolean;
  hasNodes: boolean;
  wanted: string;
  current: number | null;
  startsAtEnd: boolean;
  onEarlier: () => void;
  onLater: () => void;
  onEnd: () => void;
  onPick: (position: number) => void;
}) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const [isFollowing, setIsFollowing] = useState(startsAtEnd);
  const [seen, setSeen] = useState(total);
  const { lines, hasBefore, hasAfter } = window;
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 30,
    getItemKey: (index) => lines[index]?.position ?? index,
  });
  // What is read stays where it is when earlier lines come before it or are let go.
  const first = useRef<LogLine | undefined>(undefined);
  useLayoutEffect(() => {
    const before = first.current;
    first.current = lines[0];
    if (!before || before === lines[0] || isFollowing || !scroller.current) return;
    const at = indexAt(window, before.position);
    const isKept = at >= 0 && lines[at]?.position === before.position;
    if (isKept && at > 0) scroller.current.scrollTop += at * ROW;
  }, [lines, window, isFollowing]);
  const shown = useRef<number | null>(current);
  useLayoutEffect(() => {
    const position = shown.current;
    const at = position === null ? -1 : indexAt(window, position);
    if (position === null || lines[at]?.position !== position) return;
    shown.current = null;
    virtual.scrollToIndex(at, { align: "center" });
  }, [lines, window, virtual]);
  const last = lines.at(-1)?.position;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the end moves with the last line
  useLayoutEffect(() => {
    if (!isFollowing) return;
    setSeen(total);
    virtual.scrollToIndex(lines.length - 1, { align: "end" });
  }, [isFollowing, last, wraps]);
  useImperativeHandle(ref, () => ({
    show: (position) => {
      setIsFollowing(false);
      shown.current = position;
      const at = indexAt(window, position);
      if (lines[at]?.position === position) {
        shown.current = null;
        virtual.scrollToIndex(at, { align: "center" });
      }
    },
    follow: () => setIsFollowing(true),
  }));
  const onScroll = () => {
    const box = scroller.current;
    if (!box) return;
    const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX && !hasAfter;
    if (isAtEnd !== isFollowing) {
      setIsFollowing(isAtEnd);
      setSeen(total);
    }
  };
  const items = virtual.getVirtualItems();
  const [from, to] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const isNearBegin = hasBefore && from < NEAR_EDGE && !isFollowing;
  const isNearEnd = hasAfter && to > lines.length - NEAR_EDGE;
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again once lines have come
  useEffect(() => {
    if (isNearBegin) onEarlier();
  }, [isNearBegin, lines[0]?.position]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked again once lines have come
  useEffect(() => {
    if (isNearEnd) onLater();
  }, [isNearEnd, last]);
  const fresh = Math.max(0, total - seen);
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        data-wraps={wraps}
        onScroll={onScroll}
        role="log"
        aria-label={t("tabs.logs")}
        aria-live="off"
        tabIndex={0}
      >
        <div className={classes.canvas} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            return (
              <div
                key={line.position}
                data-index={item.index}
                ref={wraps ? virtual.measureElement : undefined}
                className={classes.line}
                data-level={line.level}
                data-current={line.position === current}
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <button
                  type="button"
                  className={classes.position}
                  onClick={() => onPick(line.position)}
                  aria-label={t("log.linkTo", { position: line.position })}
                >
                  {line.position}
                </button>
                {hasTimes ? <LineTime at={line.timestamp} /> : null}
                <span className={classes.level}>{t(`level.${line.level as "info"}`)}</span>
                {hasNodes && line.node ? (
                  <span className={`cut ${classes.node}`} title={line.node}>
                    {line.node}
                  </span>
                ) : null}
                <LineText text={line.message} wanted={wanted} />
              </div>
            );
          })}
        </div>
      </div>
      {isFollowing ? null : (
        <Button
          className={classes.pill ?? ""}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowDown size={14} />}
          onClick={onEnd}
        >
          {fresh > 0
            ? t("log.fresh", { count: fresh, number: fresh.toLocaleString() })
            : t("log.end")}
        </Button>
      )}
    </div>
  );
}

function LineTime({ at }: { at: string }) {
  const { zone } = usePreferences();
  const moment = Date.parse(at);
  return (
    <time className={classes.time} dateTime={at} title={absoluteTime(moment, zone, true)}>
      {clockTime(moment, zone, true).slice(11)}
    </time>
  );
}

function LineText({ text, wanted }: { text: string; wanted: string }) {
  let at = 0;
  return (
    <span className={classes.text}>
      {ansiPieces(text).map((piece) => {
        at += piece.text.length;
        return (
          <span
            key={at}
            style={{
              ...(piece.colour === null ? {} : { color: `var(--ansi-${piece.colour})` }),
              ...(piece.isBold ? { fontWeight: 700 } : {}),
              ...(piece.isDim ? { opacity: 0.75 } : {}),
            }}
          >
            {marked(piece.text, wanted).map((part, index) =>
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
        );
      })}
    </span>
  );
}
