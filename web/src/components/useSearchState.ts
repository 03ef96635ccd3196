import { useLocation, useNavigate } from "@tanstack/react-router";
import { changed, type Search } from "../model/search";

type Changes = Record<string, string | null | undefined>;

/** What the address says, and how to change it: in place, or as a step that Back undoes. */
export function useSearchState(): {
  search: Search;
  set: (changes: Changes, isStep?: boolean) => void;
  replaceAll: (search: Search) => void;
} {
  const search = useLocation({ select: (location) => location.search as Search });
  const navigate = useNavigate();
  // From what the address says by then: two changes may come before either is drawn.
  const go = (next: (now: Search) => Search, isStep: boolean) =>
    void navigate({
      to: ".",
      search: (now: object) => next(now as Search),
      replace: !isStep,
      resetScroll: false,
    });
  return {
    search,
    set: (changes, isStep = true) => go((now) => changed(now, changes), isStep),
    replaceAll: (next) => go(() => next, true),
  };
}
