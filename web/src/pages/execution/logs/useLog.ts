import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { get } from "../../../api/client";
import { logTailQuery } from "../../../api/queries";
import type { LogLine, LogPage } from "../../../api/types";
import {
  emptyWindow,
  indexAt,
  type LogWindow,
  LOG_PAGE as PAGE,
  tailWindow,
  withEarlier,
  withLater,
} from "../../../model/logWindow";
import { Trailing } from "../../../model/trailing";

export interface LogQuery {
  execution: string;
  node: string | null;
  levels: readonly string[];
}

interface Part {
  after?: number;
  before?: number;
  tail?: number;
  limit?: number;
}

export function readLog(query: LogQuery, part: Part, signal?: AbortSignal): Promise<LogPage> {
  return get("/api/v1/executions/{execution}/logs", {
    path: { execution: query.execution },
    query: {
      ...part,
      ...(query.node === null ? {} : { node: query.node }),
      ...(query.levels.length === 0 ? {} : { level: [...query.levels] }),
    },
    signal,
  });
}

/** The tail that was asked for before the page was there, once. */
function arrivedTail(client: QueryClient, query: LogQuery): LogWindow<LogLine> | null {
  const { queryKey } = logTailQuery(query.execution);
  const page = client.getQueryData(queryKey);
  client.removeQueries({ queryKey });
  if (!page || query.node !== null || query.levels.length > 0) return null;
  return tailWindow(page.lines, PAGE);
}

/** The lines around a place in a log. */
async function readAround(query: LogQuery, position: number): Promise<LogWindow<LogLine>> {
  const [before, after] = await Promise.all([
    readLog(query, { before: position + 1, limit: PAGE }),
    readLog(query, { after: position, limit: PAGE }),
  ]);
  return {
    lines: [...before.lines, ...after.lines],
    hasBefore: before.lines.length >= PAGE,
    hasAfter: after.lines.length >= PAGE,
  };
}

/**
 * A stretch of an execution's log: its tail at first, or what is around a line. It grows at both
 * ends as it is read, and at its end as lines arrive (`total` says how many there are).
 */
export function useLog(query: LogQuery, total: number, start: number | null) {
  const name = JSON.stringify(query);
  const client = useQueryClient();
  const [window, setWindow] = useState<LogWindow<LogLine> | null>(() =>
    start === null ? arrivedTail(client, query) : null,
  );
  const [error, setError] = useState<unknown>(null);
  const current = useRef(window);
  current.current = window;
  const first = useRef(start);
  const hasArrived = useRef(window !== null);
  const put = useCallback((next: LogWindow<LogLine>) => {
    current.current = next;
    setWindow(next);
    setError(null);
  }, []);
  const reads = useMemo(() => {
    const asked = JSON.parse(name) as LogQuery;
    const kept = () => current.current ?? emptyWindow<LogLine>();
    const guarded = (read: () => Promise<LogWindow<LogLine>>) =>
      new Trailing(async () => {
        try {
          put(await read());
        } catch (problem) {
          setError(problem);
        }
      });
    return {
      tail: guarded(async () => tailWindow((await readLog(asked, { tail: PAGE })).lines, PAGE)),
      later: guarded(async () => {
        const last = kept().lines.at(-1)?.position ?? 0;
        const page = await readLog(asked, { after: last, limit: PAGE });
        return withLater(kept(), page.lines, page.lines.length >= PAGE);
      }),
      earlier: guarded(async () => {
        const before = kept().lines[0]?.position ?? 1;
        const page = await readLog(asked, { before, limit: PAGE });
        return withEarlier(kept(), page.lines, PAGE);
      }),
      around: async (position: number) => {
        try {
          put(await readAround(asked, position));
        } catch (problem) {
          setError(problem);
        }
      },
    };
  }, [name, put]);
  useEffect(() => {
    if (hasArrived.current) {
      hasArrived.current = false;
      return;
    }
    current.current = null;
    setWindow(null);
    const from = first.current;
    first.current = null;
    if (from === null) void reads.tail.ask();
    else void reads.around(from);
  }, [reads]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: more lines are there when total moves
  useEffect(() => {
    if (current.current !== null && !current.current.hasAfter) void reads.later.ask();
  }, [reads, total]);
  return {
    window,
    error,
    toTail: () => reads.tail.ask(),
    later: () => void reads.later.ask(),
    earlier: () => void reads.earlier.ask(),
    /** Have a line at hand. */
    reach: async (position: number) => {
      const at = current.current ? indexAt(current.current, position) : -1;
      if (at < 0 || current.current?.lines[at]?.position !== position) await reads.around(position);
    },
  };
}
