/** What stands in an address after the question mark: names with one text each. */
export type Search = Readonly<Record<string, string>>;

export function parseSearch(text: string): Search {
  return Object.fromEntries(new URLSearchParams(text));
}

/** An address' query, readable by people: commas, colons and slashes stay as they are. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (typeof value === "string" && value !== "") query.set(name, value);
  }
  const text = query
    .toString()
    .replaceAll("%2C", ",")
    .replaceAll("%3A", ":")
    .replaceAll("%2F", "/");
  return text === "" ? "" : `?${text}`;
}

/** The search with some names changed; those without a text are left out. */
export function changed(
  search: Search,
  changes: Record<string, string | null | undefined>,
): Search {
  const all: Record<string, string | null | undefined> = { ...search, ...changes };
  return Object.fromEntries(
    Object.entries(all).filter((each): each is [string, string] => Boolean(each[1])),
  );
}
