export interface Line {
  position: number;
}

/** A stretch of a log that is at hand: lines in order, without a gap among those asked for. */
export interface LogWindow<T extends Line> {
  lines: readonly T[];
  /** Whether earlier (later) lines than these may be there. */
  hasBefore: boolean;
  hasAfter: boolean;
}

/** So many lines are read at a time. */
export const LOG_PAGE = 500;

/** So many lines are at hand at once; what is far from where one reads is let go. */
export const MOST_LINES = 6_000;

export function emptyWindow<T extends Line>(): LogWindow<T> {
  return { lines: [], hasBefore: false, hasAfter: false };
}

/** The latest lines; a full page says that there may be more before. */
export function tailWindow<T extends Line>(lines: readonly T[], asked: number): LogWindow<T> {
  return { lines, hasBefore: lines.length >= asked, hasAfter: false };
}

/** The window with later lines at its end; none twice. */
export function withLater<T extends Line>(
  window: LogWindow<T>,
  lines: readonly T[],
  hasAfter: boolean,
): LogWindow<T> {
  const last = window.lines.at(-1)?.position ?? 0;
  const fresh = lines.filter((line) => line.position > last);
  const all = fresh.length === 0 ? window.lines : [...window.lines, ...fresh];
  const cut = Math.max(0, all.length - MOST_LINES);
  return {
    lines: cut > 0 ? all.slice(cut) : all,
    hasBefore: window.hasBefore || cut > 0,
    hasAfter,
  };
}

/** The window with earlier lines at its beginning; none twice. */
export function withEarlier<T extends Line>(
  window: LogWindow<T>,
  lines: readonly T[],
  asked: number,
): LogWindow<T> {
  const first = window.lines[0]?.position ?? Number.POSITIVE_INFINITY;
  const all = [...lines.filter((line) => line.position < first), ...window.lines];
  const cut = all.length > MOST_LINES;
  return {
    lines: cut ? all.slice(0, MOST_LINES) : all,
    hasBefore: lines.length >= asked,
    hasAfter: window.hasAfter || cut,
  };
}

/** Where in the window the first line at a position or after it stands; -1 when there is none. */
export function indexAt<T extends Line>(window: LogWindow<T>, position: number): number {
  let [low, high] = [0, window.lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const line = window.lines[middle];
    if (line && line.position < position) low = middle + 1;
    else high = middle;
  }
  return low < window.lines.length ? low : -1;
}
