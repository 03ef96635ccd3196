import { useSyncExternalStore } from "react";
import { type Preferences, preferencesOf } from "../model/preferences";

const KEY = "everyrun.preferences";
const listeners = new Set<() => void>();
let current = read();

function read(): Preferences {
  return preferencesOf(globalThis.localStorage?.getItem(KEY) ?? null);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) listener();
}

// What is chosen in one tab holds in the others at once.
if (typeof window !== "undefined")
  window.addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    current = read();
    tell();
  });

export function preferences(): Preferences {
  return current;
}

export function prefer(choice: Partial<Preferences>): void {
  current = { ...current, ...choice };
  localStorage.setItem(KEY, JSON.stringify(current));
  tell();
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}
