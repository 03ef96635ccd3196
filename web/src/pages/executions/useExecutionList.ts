import { keepPreviousData, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { get } from "../../api/client";
import { useNews } from "../../api/live";
import { executionsQuery } from "../../api/queries";
import type { ExecutionPage, ExecutionSummary } from "../../api/types";
import { type ExecutionQuery, pageOf } from "../../model/filters";
import { type Page, withHead, withRows } from "../../model/rows";
import { Trailing } from "../../model/trailing";

/** With fewer rows a search goes on by itself. */
const FEW = 25;
/** Rows below the first page that are read again one by one when they are told to have changed. */
const MOST_SINGLE = 20;
const SUMMARY =
  "id,workflow,kind,status,trigger,external_id,tags,parent_execution_id,batch_id,created_at," +
  "started_at,ended_at,duration_seconds,nodes_planned,nodes_total,nodes_completed,nodes_failed," +
  "nodes_cancelled,nodes_skipped,progress_current,progress_total,progress_message,error,lost_reason";

interface Data {
  pages: ExecutionPage[];
  pageParams: (string | null)[];
}

function flat(data: Data): ExecutionPage {
  return {
    items: data.pages.flatMap((page) => page.items),
    next: data.pages.at(-1)?.next ?? null,
    searched_to: data.pages.at(-1)?.searched_to ?? null,
  };
}

/** The executions that match, as many as were scrolled to, kept in step with the ledger. */
export function useExecutionList(query: ExecutionQuery, visible: () => ReadonlySet<string>) {
  const client = useQueryClient();
  const name = JSON.stringify(query);
  const key = useMemo(() => ["executions", "list", name], [name]);
  const list = useInfiniteQuery({ ...executionsQuery(query), placeholderData: keepPreviousData });
  const told = useRef(new Set<string>());
  const trailing = useMemo(() => {
    const asked = JSON.parse(name) as ExecutionQuery;
    const change = (merge: (page: ExecutionPage) => Page<ExecutionSummary>) =>
      client.setQueryData<Data>(key, (data) => {
        if (!data) return data;
        const page = flat(data);
        return { pages: [{ ...page, ...copied(merge(page)) }], pageParams: [null] };
      });
    return new Trailing(async () => {
      const data = client.getQueryData<Data>(key);
      if (!data) return;
      const changed = [...told.current];
      told.current.clear();
      const head = await get("/api/v1/executions", { query: pageOf(asked) });
      change((page) => withHead(page, head));
      const seen = new Set(head.items.map((each) => each.id));
      const inView = visible();
      const below = changed.filter((id) => !seen.has(id) && inView.has(id)).slice(0, MOST_SINGLE);
      const fresh = await Promise.all(
        below.map((id) =>
          get("/api/v1/executions/{execution}", {
            path: { execution: id },
            query: { fields: SUMMARY },
          }),
        ),
      );
      if (fresh.length > 0) change((page) => withRows<ExecutionSummary>(page, fresh));
    });
  }, [client, key, name, visible]);
  useNews((news) => {
    for (const id of news.executions) told.current.add(id);
    if (news.topics.has("executions")) trailing.ask().catch(() => list.refetch());
  });
  // A search that has looked at as much as one request may goes on by itself until rows are there.
  const { hasNextPage, isFetching, fetchNextPage, data } = list;
  const count = data?.pages.reduce((sum, page) => sum + page.items.length, 0) ?? 0;
  const isBare = count < FEW && hasNextPage && !isFetching && !list.isError;
  useEffect(() => {
    if (isBare) void fetchNextPage();
  }, [isBare, fetchNextPage]);
  const rows = useMemo(() => data?.pages.flatMap((page) => page.items) ?? [], [data]);
  return { ...list, rows, searchedTo: data?.pages.at(-1)?.searched_to ?? null };
}

function copied(page: Page<ExecutionSummary>) {
  return { items: [...page.items], next: page.next };
}
