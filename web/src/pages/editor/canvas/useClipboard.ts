import { useEffect, useRef } from "react";
import type { Draft } from "../../../model/editing/draft";
import { copyNodes, pasteNodes } from "../../../model/editing/edits";
import { isTyping } from "../../../model/keys";
import type { Edit } from "../useDraft";

interface Clipboard {
  draft: Draft;
  selected: ReadonlySet<string>;
  isFixed: boolean;
  onEdit: Edit;
  onRemove: (keys: ReadonlySet<string>) => void;
}

/** Nodes are copied, cut and pasted as text, within a graph, to another one, or to a file. */
export function useClipboard(clipboard: Clipboard): void {
  const latest = useRef(clipboard);
  latest.current = clipboard;
  useEffect(() => {
    const isElsewhere = (event: ClipboardEvent) => {
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      return isTyping(target) || !(document.getSelection()?.isCollapsed ?? true);
    };
    const copy = (event: ClipboardEvent): boolean => {
      const { draft, selected } = latest.current;
      if (isElsewhere(event) || selected.size === 0 || !event.clipboardData) return false;
      event.clipboardData.setData("text/plain", copyNodes(draft, selected));
      event.preventDefault();
      return true;
    };
    const cut = (event: ClipboardEvent) => {
      if (!latest.current.isFixed && copy(event)) latest.current.onRemove(latest.current.selected);
    };
    const paste = (event: ClipboardEvent) => {
      const copied = event.clipboardData?.getData("text/plain") ?? "";
      if (latest.current.isFixed || isElsewhere(event) || copied === "") return;
      latest.current.onEdit((text) => pasteNodes(text, copied, null).text);
    };
    document.addEventListener("copy", copy);
    document.addEventListener("cut", cut);
    document.addEventListener("paste", paste);
    return () => {
      document.removeEventListener("copy", copy);
      document.removeEventListener("cut", cut);
      document.removeEventListener("paste", paste);
    };
  }, []);
}
