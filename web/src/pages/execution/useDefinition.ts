import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { ExecutionDetail } from "../../api/types";

/** The definition that an execution of a graph was pinned to; it never changes. */
export function useDefinition(execution: ExecutionDetail | undefined, isWanted: boolean) {
  const version = execution?.graph?.version ?? null;
  const name = execution?.workflow ?? "";
  return useQuery({
    queryKey: ["definition", name, version],
    queryFn: ({ signal }) =>
      get("/api/v1/workflows/{name}/versions/{number}", {
        path: { name, number: version ?? 0 },
        query: { form: "canonical" },
        signal,
      }),
    enabled: isWanted && version !== null,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
