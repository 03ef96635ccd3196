/** What is chosen in a list: some rows, or everything that the filters let through. */
export type Selection = { kind: "rows"; ids: ReadonlySet<string> } | { kind: "matching" };

export const NOTHING: Selection = { kind: "rows", ids: new Set() };

export function toggled(selection: Selection, id: string): Selection {
  const ids = new Set(selection.kind === "rows" ? selection.ids : []);
  if (!ids.delete(id)) ids.add(id);
  return { kind: "rows", ids };
}

/** The rows from one to another, both included, added to what is chosen. */
export function extended(
  selection: Selection,
  rows: readonly string[],
  from: string,
  to: string,
): Selection {
  const [start, end] = [rows.indexOf(from), rows.indexOf(to)];
  if (start < 0 || end < 0) return toggled(selection, to);
  const between = rows.slice(Math.min(start, end), Math.max(start, end) + 1);
  const ids = new Set([...(selection.kind === "rows" ? selection.ids : []), ...between]);
  return { kind: "rows", ids };
}

export function isChosen(selection: Selection, id: string): boolean {
  return selection.kind === "matching" || selection.ids.has(id);
}

export function isEmpty(selection: Selection): boolean {
  return selection.kind === "rows" && selection.ids.size === 0;
}
