interface Row {
  id: string;
}

export interface Page<T extends Row> {
  items: readonly T[];
  next: string | null;
}

/**
 * A list, newest first, after its first page was read again: what that page covers is as it says now
 * (new ones, changed ones, those that left), what lies below it stays. Where so much is new that the
 * page does not reach what was there, the list begins anew with it.
 */
export function withHead<T extends Row>(list: Page<T>, head: Page<T>): Page<T> {
  const last = head.items.at(-1);
  if (head.next === null || last === undefined) return head;
  const first = list.items[0];
  if (first === undefined || first.id < last.id) return head;
  const below = list.items.filter((each) => each.id < last.id);
  return below.length === 0 ? head : { items: [...head.items, ...below], next: list.next };
}

/** A list in which some rows are as they were read again. */
export function withRows<T extends Row>(list: Page<T>, rows: readonly T[]): Page<T> {
  const fresh = new Map(rows.map((each) => [each.id, each]));
  return { ...list, items: list.items.map((each) => fresh.get(each.id) ?? each) };
}
