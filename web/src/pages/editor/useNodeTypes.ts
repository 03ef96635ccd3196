import { useQuery } from "@tanstack/react-query";
import { get } from "../../api/client";
import type { NodeType } from "../../api/types";

export type NodeTypes = ReadonlyMap<string, NodeType>;

/** The node types of this server, by name, with the schemas of their parameters. */
export function useNodeTypes() {
  return useQuery({
    queryKey: ["node-types"],
    queryFn: async ({ signal }): Promise<NodeTypes> => {
      const { items } = await get("/api/v1/node-types", { signal });
      return new Map(items.map((type) => [type.name, type]));
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}
