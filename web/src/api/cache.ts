import { QueryClient } from "@tanstack/react-query";

export const cache = new QueryClient({
  defaultOptions: {
    queries: {
      // News say when to read again; what failed is asked for again by whoever shows it.
      refetchOnWindowFocus: false,
      refetchOnReconnect: false,
      retry: false,
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

const ARRIVAL_MS = 3_000;
let isArriving = true;

/** What was asked for before the page was there is not of today any more once something changed. */
export function endArrival(): void {
  isArriving = false;
}

setTimeout(endArrival, ARRIVAL_MS);

/** How long (ms) an answer need not be asked for again by those who come to show it. */
export function staleTime(): number {
  return isArriving ? ARRIVAL_MS : 0;
}
