import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { type ExecutionQuery, pageOf } from "../model/filters";
import { LOG_PAGE } from "../model/logWindow";
import { type ZoneChoice, zoneName } from "../model/times";
import { staleTime } from "./cache";
import { get } from "./client";
import { session } from "./session";

/** What pages ask for first; also asked before their code is there, see `arriving.ts`. */

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }) => {
    const me = await get("/api/v1/me", { signal });
    session.begin(me);
    return me;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

export function dashboardQuery(tz: string) {
  return queryOptions({
    queryKey: ["dashboard", "figures", tz],
    queryFn: ({ signal }) => get("/api/v1/dashboard", { query: { tz }, signal }),
    staleTime,
  });
}

export function seriesQuery(tz: string, step: "hour" | "day") {
  return queryOptions({
    queryKey: ["dashboard", "series", tz, step],
    queryFn: ({ signal }) => get("/api/v1/statistics/series", { query: { tz, step }, signal }),
    staleTime,
  });
}

export function countsQuery(zone: ZoneChoice) {
  return queryOptions({
    queryKey: ["executions", "counts", zone],
    queryFn: ({ signal }) =>
      get("/api/v1/statistics/counts", { query: { tz: zoneName(zone) }, signal }),
    staleTime,
  });
}

export function executionsQuery(query: ExecutionQuery) {
  return infiniteQueryOptions({
    queryKey: ["executions", "list", JSON.stringify(query)],
    queryFn: ({ pageParam, signal }) =>
      get("/api/v1/executions", {
        query: { ...pageOf(query), ...(pageParam === null ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // News say which rows to read again, to a list that is shown; what is shown anew is read anew.
    staleTime,
  });
}

export function executionQuery(id: string) {
  return queryOptions({
    queryKey: ["execution", id],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}", { path: { execution: id }, signal }),
    staleTime,
  });
}

export function logTailQuery(execution: string) {
  return queryOptions({
    queryKey: ["log tail", execution],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/logs", {
        path: { execution },
        query: { tail: LOG_PAGE },
        signal,
      }),
  });
}
