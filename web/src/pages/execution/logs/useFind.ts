import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { get } from "../../../api/client";
import type { LogQuery } from "./useLog";

const PAGE = 200;

/** Finds a text in the whole log: the server looks, from the newest line back. */
export function useFind(query: LogQuery, text: string) {
  const [at, setAt] = useState(0);
  const found = useInfiniteQuery({
    queryKey: ["log-find", JSON.stringify(query), text],
    queryFn: ({ pageParam, signal }) =>
      get("/api/v1/logs", {
        query: {
          execution: query.execution,
          text,
          limit: PAGE,
          ...(query.levels.length === 0 ? {} : { level: [...query.levels] }),
          ...(pageParam === null ? {} : { cursor: pageParam }),
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    enabled: text !== "",
    gcTime: 0,
  });
  const positions =
    found.data?.pages.flatMap((page) =>
      page.lines
        .filter((line) => query.node === null || line.node_execution_id === query.node)
        .map((line) => line.position),
    ) ?? [];
  const { hasNextPage, isFetching, fetchNextPage } = found;
  const index = Math.min(at, Math.max(0, positions.length - 1));
  return {
    positions,
    index,
    isWhole: !hasNextPage,
    isFetching,
    error: found.error,
    searchedTo: found.data?.pages.at(-1)?.searched_to ?? null,
    more: () => void fetchNextPage(),
    restart: () => setAt(0),
    /** Go to an older (1) or newer (-1) place; answers its position, or null at either end. */
    step: (by: 1 | -1): number | null => {
      const next = index + by;
      if (next < 0) return null;
      if (next >= positions.length - 1 && hasNextPage && !isFetching) void fetchNextPage();
      const position = positions[next];
      if (position === undefined) return null;
      setAt(next);
      return position;
    },
  };
}
