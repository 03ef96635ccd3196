/** A key as it is pressed, without what only some keyboards have. */
export interface Press {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Whether the press is meant as a shortcut that is written `j`, `?`, `Enter` or `mod+k`. */
export function isShortcut(press: Press, shortcut: string): boolean {
  const hasMod = shortcut.startsWith("mod+");
  const key = hasMod ? shortcut.slice(4) : shortcut;
  const isModPressed = press.ctrlKey || press.metaKey;
  return hasMod === isModPressed && !press.altKey && press.key.toLowerCase() === key.toLowerCase();
}

/** What one types in: shortcuts without a modifier are not meant there. */
export function isTyping(target: { tagName: string; isContentEditable?: boolean; type?: string }) {
  if (target.isContentEditable) return true;
  if (target.tagName === "TEXTAREA" || target.tagName === "SELECT") return true;
  return target.tagName === "INPUT" && !["checkbox", "radio", "button"].includes(target.type ?? "");
}
