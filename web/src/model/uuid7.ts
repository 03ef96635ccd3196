/** When a UUID of version 7 was made, in ms since 1970; null for another id. */
export function bornAt(id: string): number | null {
  const digits = id.replaceAll("-", "");
  if (!/^[0-9a-f]{12}7/i.test(digits)) return null;
  return Number.parseInt(digits.slice(0, 12), 16);
}

/** What stands for an id where there is little room: its end, for beginnings are alike. */
export function shortId(id: string): string {
  return id.slice(-8);
}
