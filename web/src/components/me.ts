import { useQuery } from "@tanstack/react-query";
import { createContext, useContext, useSyncExternalStore } from "react";
import { meQuery } from "../api/queries";
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
  return useQuery(meQuery);
}

export function useSessionEnded(): boolean {
  return useSyncExternalStore(session.subscribe, session.hasEnded);
}
