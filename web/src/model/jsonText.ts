export type Parsed = { ok: true; value: Record<string, unknown> } | { ok: false; line: number };

/** An object from what somebody typed; an empty text is an empty one. Says in which line it fails. */
export function parseObject(text: string): Parsed {
  if (text.trim() === "") return { ok: true, value: {} };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) {
      return { ok: true, value: value as Record<string, unknown> };
    }
    return { ok: false, line: 1 };
  } catch (error) {
    return { ok: false, line: lineOf(text, error) };
  }
}

function lineOf(text: string, error: unknown): number {
  const message = error instanceof Error ? error.message : "";
  const line = /line (\d+)/.exec(message);
  if (line?.[1]) return Number(line[1]);
  const position = /position (\d+)/.exec(message);
  const end = position?.[1] ? Number(position[1]) : text.length;
  return text.slice(0, end).split("\n").length;
}

export function pretty(value: unknown): string {
  return JSON.stringify(value, null, 2) ?? "";
}

/** Of an object only what is otherwise than before: what a rerun is to be told. */
export function changesOf(
  before: Record<string, unknown>,
  now: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(now).filter(
      ([name, value]) => JSON.stringify(before[name]) !== JSON.stringify(value),
    ),
  );
}
