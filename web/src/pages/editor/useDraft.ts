import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { change } from "../../api/client";
import type { DefinitionProblem } from "../../api/types";
import { type Draft, draftOf } from "../../model/editing/draft";
import { begun, changedTo, redone, undone } from "../../model/editing/history";

const TYPING_PAUSE_MS = 250;
const TYPING = "typing";
const NO_PROBLEMS: readonly DefinitionProblem[] = [];

export type Edit = (change: (text: string) => string, how?: string) => void;

export interface Drafting {
  text: string;
  /** What the text says; while it cannot be read, what it said last. */
  draft: Draft;
  isReadable: boolean;
  problems: readonly DefinitionProblem[];
  /** Whether the problems are those of the text as it is now. */
  isJudged: boolean;
  error: unknown;
  canUndo: boolean;
  canRedo: boolean;
  type: (text: string) => void;
  /** Change the text, at once; changes of the same sort (`how`) in one go are undone in one go. */
  edit: Edit;
  undo: () => void;
  redo: () => void;
}

/** A definition while it is edited: its text, what that says, and what is wrong with it. */
export function useDraft(initial: string, mayValidate: boolean): Drafting {
  const [history, setHistory] = useState(() => begun(initial));
  const text = history.present;
  const latest = useRef(text);
  latest.current = text;
  const deferred = useDeferredValue(text);
  const current = useMemo(() => draftOf(deferred), [deferred]);
  const last = useRef(current);
  if (current.isReadable) last.current = current;
  const [asked] = useDebouncedValue(text, TYPING_PAUSE_MS);
  const validation = useQuery({
    queryKey: ["validate", asked],
    queryFn: async ({ signal }) => {
      const content = { type: "application/yaml", text: asked };
      const judged = await change("post", "/api/v1/workflows/validate", { content, signal });
      return judged.problems;
    },
    enabled: mayValidate && asked.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const become = useCallback((next: string, how: string) => {
    latest.current = next;
    setHistory((now) => changedTo(now, next, how, Date.now()));
  }, []);
  const type = useCallback((next: string) => become(next, TYPING), [become]);
  const edit = useCallback(
    (make: (text: string) => string, how = "") => become(make(latest.current), how),
    [become],
  );
  return {
    text,
    draft: last.current,
    isReadable: current.isReadable,
    problems: validation.data ?? NO_PROBLEMS,
    isJudged: asked === text && validation.isSuccess && !validation.isPlaceholderData,
    error: validation.error,
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
    type,
    edit,
    undo: useCallback(() => setHistory(undone), []),
    redo: useCallback(() => setHistory(redone), []),
  };
}
