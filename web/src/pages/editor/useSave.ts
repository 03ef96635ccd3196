import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { change } from "../../api/client";
import { feed } from "../../api/feed";
import { ApiProblem } from "../../api/problem";

export interface Conflict {
  /** The version that somebody saved meanwhile. */
  version: number;
  savedBy: string | null;
  savedAt: string | null;
}

/** The version that is edited, and how to save the next one, unless somebody was quicker. */
export function useSave(name: string | null, version: number, initial: string) {
  const [base, setBase] = useState(version);
  const [saved, setSaved] = useState(initial);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const save = useMutation({
    mutationFn: async ({ text, as, over }: { text: string; as: string; over?: number }) => {
      const expected = over ?? base;
      const answer = await change("put", "/api/v1/workflows/{name}", {
        path: { name: name ?? as },
        content: { type: "application/yaml", text },
        headers: expected === 0 ? { "If-None-Match": "*" } : { "If-Match": `"v${expected}"` },
      });
      return { answer, text };
    },
    onSuccess: ({ answer, text }) => {
      setBase(answer.version);
      setSaved(text);
      setConflict(null);
      feed.ask();
    },
    onError: (error) => {
      if (error instanceof ApiProblem && error.code === "STALE_VERSION") {
        setConflict(conflictOf(error));
      }
    },
  });
  return {
    base,
    saved,
    conflict,
    save,
    resolve: (taken?: { version: number; text: string }) => {
      setConflict(null);
      save.reset();
      if (!taken) return;
      setBase(taken.version);
      setSaved(taken.text);
    },
  };
}

function conflictOf({ members }: ApiProblem): Conflict {
  const { version, saved_by: by, saved_at: at } = members;
  return {
    version: typeof version === "number" ? version : 0,
    savedBy: typeof by === "string" ? by : null,
    savedAt: typeof at === "string" ? at : null,
  };
}
