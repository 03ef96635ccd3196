import { useSyncExternalStore } from "react";

const TICK_MS = 1_000;
const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | null = null;

function tick(): void {
  if (document.hidden) return;
  now = Date.now();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  now = Date.now();
  timer ??= setInterval(tick, TICK_MS);
  document.addEventListener("visibilitychange", tick);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0 || timer === null) return;
    clearInterval(timer);
    timer = null;
    document.removeEventListener("visibilitychange", tick);
  };
}

function still(): () => void {
  return () => undefined;
}

/** The present in ms, moving on once a second while somebody looks; unmoved where nothing is open. */
export function useNow(moves = true): number {
  return useSyncExternalStore(moves ? subscribe : still, () => now);
}
