import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { ExecutionDetail } from "../../api/types";

/** What follows what in a canvas of Celery; read anew when a member came to it. */
export function useSuccession(execution: ExecutionDetail | undefined, isWanted: boolean) {
  const id = execution?.id ?? "";
  return useQuery({
    queryKey: ["succession", id, execution?.nodes.length],
    queryFn: ({ signal }) =>
      get("/api/v1/executions/{execution}/succession", { path: { execution: id }, signal }),
    enabled: isWanted && execution?.kind === "celery",
    placeholderData: keepPreviousData,
  });
}
