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
  const go = (next: Search, isStep: boolean) =>
    void navigate({ to: ".", search: next, replace: !isStep, resetScroll: false });
  return {
    search,
    set: (changes, isStep = true) => go(changed(search, changes), isStep),
    replaceAll: (next) => go(next, true),
  };
}
