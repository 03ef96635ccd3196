/** A text with what it was before, and what was undone. */
export interface History {
  readonly past: readonly string[];
  readonly present: string;
  readonly future: readonly string[];
  /** When and how it was last changed: what is typed in one go is undone in one go. */
  readonly last: { at: number; how: string } | null;
}

const MOST_STEPS = 200;
const ONE_GO_MS = 800;

export function begun(text: string): History {
  return { past: [], present: text, future: [], last: null };
}

/** The next text. Changes of the same sort that follow at once are one step. */
export function changedTo(history: History, text: string, how: string, at: number): History {
  if (text === history.present) return history;
  const { last } = history;
  const isSameGo = last !== null && last.how === how && how !== "" && at - last.at < ONE_GO_MS;
  const past = isSameGo ? history.past : [...history.past, history.present].slice(-MOST_STEPS);
  return { past, present: text, future: [], last: { at, how } };
}

export function undone(history: History): History {
  const before = history.past.at(-1);
  if (before === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: before,
    future: [history.present, ...history.future],
    last: null,
  };
}

export function redone(history: History): History {
  const [next, ...rest] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future: rest, last: null };
}

/** The one piece in which two texts differ: what of the old one is replaced, and by what. */
export function replacement(
  old: string,
  now: string,
): { from: number; to: number; insert: string } | null {
  if (old === now) return null;
  let from = 0;
  const most = Math.min(old.length, now.length);
  while (from < most && old[from] === now[from]) from += 1;
  let end = 0;
  while (end < most - from && old.at(-1 - end) === now.at(-1 - end)) end += 1;
  return { from, to: old.length - end, insert: now.slice(from, now.length - end) };
}
