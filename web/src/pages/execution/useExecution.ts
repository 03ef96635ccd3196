import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { get } from "../../api/client";
import { usePoll } from "../../api/live";
import { executionQuery } from "../../api/queries";
import type { ExecutionProgress } from "../../api/types";
import { isSettled, statusOf } from "../../model/status";

/** What moves without its counts moving (a node's own progress) is read so often, in ms. */
const LOOK_ANYWAY_MS = 10_000;
/** Large executions are read more slowly: so many ms a node. */
const MS_A_NODE = 2;

/**
 * One execution, followed until it has settled: by its progress, and whole when that has moved.
 * Null follows none.
 */
export function useExecution(id: string | null) {
  const client = useQueryClient();
  const key = ["execution", id ?? ""];
  const whole = useQuery({ ...executionQuery(id ?? ""), enabled: id !== null });
  const last = useRef<{ progress: ExecutionProgress; at: number } | null>(null);
  const status = whole.data ? statusOf(whole.data.status) : null;
  const ask = usePoll(
    async () => {
      const progress = await get("/api/v1/executions/{execution}/progress", {
        path: { execution: id ?? "" },
      });
      const now = Date.now();
      const known = last.current;
      const hasMoved = known?.progress !== progress;
      const isDue = known === null || now - known.at > LOOK_ANYWAY_MS;
      // What has settled is asked for while the whole does not show it: of a team's servers, the
      // one that answers may be a moment behind the one that told of the end.
      if (hasMoved || isDue || progress.done) {
        last.current = { progress, at: now };
        await client.refetchQueries({ queryKey: key }, { throwOnError: true });
      }
      const shown = client.getQueryData(executionQuery(id ?? "").queryKey);
      const nodes = whole.data?.nodes.length ?? 0;
      // A second request that nothing asked for is made up for by a longer pause.
      const pauses = isDue && !hasMoved ? 2 : 1;
      const waitMs = pauses * Math.max(progress.poll_after_ms, nodes * MS_A_NODE);
      return { settled: shown !== undefined && isSettled(statusOf(shown.status)), waitMs };
    },
    status !== null && !isSettled(status),
  );
  return { ...whole, ask, status };
}
