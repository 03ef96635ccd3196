import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";

interface Page {
  next?: string | null;
}

/**
 * A list that the server tells a page at a time. `read` gets the cursor as a part of the query.
 * While another list is read, the one before stays.
 */
export function usePages<Read extends Page>(
  queryKey: QueryKey,
  read: (after: { cursor?: string }, signal: AbortSignal) => Promise<Read>,
) {
  return useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      read(pageParam === null ? {} : { cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last: Read) => last.next,
    placeholderData: keepPreviousData,
  });
}
