import { useEffect, useRef, useSyncExternalStore } from "react";
import { isShortcut, isTyping } from "../model/keys";

export interface Shortcut {
  /** `j`, `?`, `Enter`, `mod+k`, or two in a row: `g e`. */
  keys: string;
  words: string;
  /** Whether it is left to what one types in, although it has a modifier: `mod+z`. */
  leavesTyping?: boolean;
  run: (event: KeyboardEvent) => void;
}

export interface ShortcutGroup {
  title: string;
  shortcuts: readonly Shortcut[];
}

const groups = new Map<symbol, { current: ShortcutGroup }>();
const listeners = new Set<() => void>();
const PAUSE_MS = 1_200;
let shown: readonly ShortcutGroup[] = [];
let begun: { key: string; at: number } | null = null;

function publish(): void {
  shown = [...groups.values()]
    .map((group) => group.current)
    .filter((each) => each.shortcuts.length);
  for (const listener of listeners) listener();
}

function onKey(event: KeyboardEvent): void {
  const target = event.target instanceof HTMLElement ? event.target : document.body;
  const first = begun && event.timeStamp - begun.at < PAUSE_MS ? begun.key : null;
  begun = null;
  // The latest group first: what lies on top of the page is meant before the page.
  for (const group of [...groups.values()].reverse()) {
    for (const shortcut of group.current.shortcuts) {
      const hasMod = shortcut.keys.startsWith("mod+");
      const isAside = !hasMod || shortcut.leavesTyping;
      if (isAside && (isTyping(target) || target.closest("[role=dialog], [role=menu]"))) continue;
      const [one, two] = shortcut.keys.split(" ");
      if (
        two !== undefined ? first === one && isShortcut(event, two) : isShortcut(event, one ?? "")
      ) {
        // Enter and space on a button or link are its own.
        if (shortcut.keys === "Enter" && target.closest("a, button, summary")) continue;
        event.preventDefault();
        shortcut.run(event);
        return;
      }
      if (two !== undefined && isShortcut(event, one ?? "")) {
        begun = { key: one ?? "", at: event.timeStamp };
      }
    }
  }
}

/** Shortcuts that work while the component is there; the overlay lists them under the title. */
export function useShortcuts(title: string, shortcuts: readonly Shortcut[]): void {
  const group = useRef<ShortcutGroup>({ title, shortcuts });
  group.current = { title, shortcuts };
  const names = shortcuts.map((each) => `${each.keys} ${each.words}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the overlay is told when they change
  useEffect(() => {
    const key = Symbol(title);
    groups.set(key, group);
    publish();
    if (groups.size === 1) document.addEventListener("keydown", onKey);
    return () => {
      groups.delete(key);
      publish();
      if (groups.size === 0) document.removeEventListener("keydown", onKey);
    };
  }, [title, names]);
}

export function useShortcutGroups(): readonly ShortcutGroup[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
