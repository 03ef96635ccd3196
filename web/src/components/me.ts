import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useSyncExternalStore } from "react";
import { get } from "../api/client";
import { session } from "../api/session";
import type { Me } from "../api/types";

export const MeContext = createContext<Me | null>(null);

/** Who looks at the page. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === null) throw new Error("nobody has been let in");
  return me;
}

export function useMeQuery() {
  return useQuery({
    queryKey: ["me"],
    queryFn: async ({ signal }) => {
      const me = await get("/api/v1/me", { signal });
      session.begin(me);
      return me;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(session.subscribe, session.hasEnded);
}
