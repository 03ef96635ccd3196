import { change, get } from "../../api/client";
import type { ExecutionCount, ExecutionSummary } from "../../api/types";
import type { ExecutionQuery } from "../../model/filters";
import { isSettled, statusOf } from "../../model/status";

export type BulkAction = "cancel" | "rerun" | "delete";

const PAGE = 500;
/** Reruns and cancellations are asked for one by one; no more than so many at once. */
export const MOST_AT_ONCE = 5_000;

/** Whether the action is for an execution as it stands; the server has the last word. */
export function fits(action: BulkAction, row: Pick<ExecutionSummary, "status" | "kind">): boolean {
  const status = statusOf(row.status);
  const isOver = isSettled(status) || status === "lost";
  if (action === "delete") return isOver;
  if (row.kind !== "graph") return false;
  return action === "rerun" ? isOver : !isSettled(status);
}

/** The executions that the filters let through and that the action is for. */
export async function matching(
  action: BulkAction,
  query: ExecutionQuery,
  signal: AbortSignal,
): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof readPage>> = await readPage(query, cursor, signal);
    ids.push(...page.items.filter((each) => fits(action, each)).map((each) => each.id));
    cursor = page.next;
  } while (cursor !== null && ids.length < MOST_AT_ONCE);
  return ids.slice(0, MOST_AT_ONCE);
}

function readPage(query: ExecutionQuery, cursor: string | null, signal: AbortSignal) {
  return get("/api/v1/executions", {
    query: { ...query, limit: PAGE, fields: "id,status,kind", ...(cursor ? { cursor } : {}) },
    signal,
  });
}

export function countOf(query: ExecutionQuery, signal?: AbortSignal): Promise<ExecutionCount> {
  return get("/api/v1/execution-count", { query, signal });
}

export async function act(action: BulkAction, id: string, reason: string): Promise<void> {
  const path = { execution: id };
  if (action === "cancel") {
    await change("post", "/api/v1/executions/{execution}/cancel", {
      path,
      body: { reason: reason || null },
    });
  } else if (action === "rerun") {
    await change("post", "/api/v1/executions/{execution}/rerun", {
      path,
      body: { mode: "whole" },
    });
  } else {
    await change("delete", "/api/v1/executions/{execution}", { path });
  }
}

/** Delete what was counted, in as many steps as it takes. */
export async function deleteMatching(
  query: ExecutionQuery,
  tell: (deleted: number) => void,
  signal: AbortSignal,
): Promise<number> {
  let deleted = 0;
  for (;;) {
    const { confirm } = await countOf(query, signal);
    const answer = await change("delete", "/api/v1/executions", {
      query: { ...query, confirm },
      signal,
    });
    deleted += answer.deleted;
    tell(deleted);
    if (!answer.remaining || answer.deleted === 0 || signal.aborted) return deleted;
  }
}
