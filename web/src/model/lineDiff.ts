/** One line of a comparison of two texts. */
export interface DiffLine {
  kind: "same" | "added" | "removed";
  text: string;
}

/** Lines that are told, or a number of unchanged ones that are not. */
export type DiffPart = { lines: readonly DiffLine[] } | { hidden: number };

/** More edits than these are not looked for: the rest counts as replaced. */
const MOST_EDITS = 2_000;

/** What became of the lines of one text in another: the fewest edits (Myers, 1986). */
export function diffLines(before: string, after: string): DiffLine[] {
  const old = linesOf(before);
  const now = linesOf(after);
  const start = commonStart(old, now);
  const end = commonEnd(old, now, start);
  const middle = shortest(old.slice(start, old.length - end), now.slice(start, now.length - end));
  const same = (text: string): DiffLine => ({ kind: "same", text });
  return [
    ...old.slice(0, start).map(same),
    ...middle,
    ...old.slice(old.length - end, old.length).map(same),
  ];
}

/** The lines around changes, so many before and after; what lies between is counted. */
export function around(lines: readonly DiffLine[], context = 3): DiffPart[] {
  const near = lines.map(() => false);
  lines.forEach((line, index) => {
    if (line.kind === "same") return;
    const last = Math.min(lines.length - 1, index + context);
    for (let at = Math.max(0, index - context); at <= last; at += 1) near[at] = true;
  });
  const parts: DiffPart[] = [];
  let shown: DiffLine[] = [];
  let hidden = 0;
  const close = () => {
    if (shown.length > 0) parts.push({ lines: shown });
    if (hidden > 0) parts.push({ hidden });
    shown = [];
    hidden = 0;
  };
  lines.forEach((line, index) => {
    if (near[index]) {
      if (hidden > 0) close();
      shown.push(line);
    } else {
      if (shown.length > 0) close();
      hidden += 1;
    }
  });
  close();
  return parts;
}

function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

function commonStart(old: readonly string[], now: readonly string[]): number {
  let count = 0;
  while (count < old.length && count < now.length && old[count] === now[count]) count += 1;
  return count;
}

function commonEnd(old: readonly string[], now: readonly string[], start: number): number {
  let count = 0;
  const most = Math.min(old.length, now.length) - start;
  while (count < most && old.at(-1 - count) === now.at(-1 - count)) count += 1;
  return count;
}

function replaced(old: readonly string[], now: readonly string[]): DiffLine[] {
  return [
    ...old.map((text): DiffLine => ({ kind: "removed", text })),
    ...now.map((text): DiffLine => ({ kind: "added", text })),
  ];
}

function shortest(old: readonly string[], now: readonly string[]): DiffLine[] {
  if (old.length === 0 || now.length === 0) return replaced(old, now);
  const most = Math.min(old.length + now.length, MOST_EDITS);
  const reached = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits += 1) {
    steps.push(new Map(reached));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(reached, diagonal, edits)
        ? (reached.get(diagonal + 1) ?? 0)
        : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < old.length && x - diagonal < now.length && old[x] === now[x - diagonal]) x += 1;
      reached.set(diagonal, x);
      if (x >= old.length && x - diagonal >= now.length) return walkedBack(old, now, steps);
    }
  }
  return replaced(old, now);
}

function isDown(reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean {
  if (diagonal === -edits) return true;
  if (diagonal === edits) return false;
  return (reached.get(diagonal - 1) ?? 0) < (reached.get(diagonal + 1) ?? 0);
}

function walkedBack(
  old: readonly string[],
  now: readonly string[],
  steps: readonly ReadonlyMap<number, number>[],
): DiffLine[] {
  const lines: DiffLine[] = [];
  let x = old.length;
  let y = now.length;
  for (let edits = steps.length - 1; edits >= 0; edits -= 1) {
    const reached = steps[edits] ?? new Map<number, number>();
    const diagonal = x - y;
    const isAdded = isDown(reached, diagonal, edits);
    const from = isAdded ? diagonal + 1 : diagonal - 1;
    const startX = edits === 0 ? 0 : (reached.get(from) ?? 0);
    const startY = edits === 0 ? 0 : startX - from;
    while (x > startX && y > startY) {
      x -= 1;
      y -= 1;
      lines.push({ kind: "same", text: old[x] ?? "" });
    }
    if (edits === 0) break;
    lines.push(
      isAdded
        ? { kind: "added", text: now[startY] ?? "" }
        : { kind: "removed", text: old[startX] ?? "" },
    );
    x = startX;
    y = startY;
  }
  return lines.reverse();
}
