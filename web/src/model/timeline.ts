import { bornAt } from "./uuid7";

/** What a timeline needs of a node execution; times are RFC 3339. */
export interface TimedNode {
  id: string;
  started_at: string | null;
  ended_at: string | null;
}

export interface Span {
  start: number;
  end: number;
}

export interface Bar {
  id: string;
  /** When it was born, and waited from: null where its id does not say. */
  queued: Span | null;
  ran: Span;
  isOpen: boolean;
}

/** The bars of what has begun; what runs still reaches to `now` (ms). */
export function barsOf(nodes: readonly TimedNode[], now: number): Bar[] {
  return nodes.flatMap((node) => {
    if (node.started_at === null) return [];
    const start = Date.parse(node.started_at);
    const end = node.ended_at === null ? Math.max(now, start) : Date.parse(node.ended_at);
    const born = bornAt(node.id);
    const queued = born !== null && born < start ? { start: born, end: start } : null;
    return [{ id: node.id, queued, ran: { start, end }, isOpen: node.ended_at === null }];
  });
}

/** Where moments lie, as a fraction (0 to 1) of the width. */
export interface Scale {
  domain: Span;
  /** Stretches that are drawn, in order; the time between them is left out. */
  shown: readonly Span[];
  place(at: number): number;
}

/** All of the time from the first beginning to the last end, or of it only what anything ran in. */
export function scaleOf(bars: readonly Bar[], hidesIdle: boolean): Scale {
  const spans = bars.map((bar) => bar.ran);
  const domain = {
    start: Math.min(...spans.map((span) => span.start)),
    end: Math.max(...spans.map((span) => span.end)),
  };
  if (spans.length === 0) return scaleOver({ start: 0, end: 1 }, [{ start: 0, end: 1 }]);
  if (domain.end <= domain.start) domain.end = domain.start + 1;
  return scaleOver(domain, hidesIdle ? busySpans(spans) : [domain]);
}

/** The union of spans, in order. */
export function busySpans(spans: readonly Span[]): Span[] {
  const busy: Span[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start)) {
    const last = busy.at(-1);
    if (last && span.start <= last.end) last.end = Math.max(last.end, span.end);
    else busy.push({ ...span });
  }
  return busy;
}

function scaleOver(domain: Span, shown: readonly Span[]): Scale {
  const total = shown.reduce((sum, span) => sum + span.end - span.start, 0) || 1;
  const place = (at: number): number => {
    let before = 0;
    for (const span of shown) {
      if (at <= span.start) break;
      before += Math.min(at, span.end) - span.start;
    }
    return Math.min(1, Math.max(0, before / total));
  };
  return { domain, shown, place };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000];
const LONG_STEPS = [60, 120, 300, 600, 1_800, 3_600, 7_200, 21_600, 43_200, 86_400].map(
  (seconds) => seconds * 1_000,
);

/** Moments to mark, counted from the beginning in round steps (ms); `most` at most. */
export function ticksOf(domain: Span, most: number): number[] {
  const length = domain.end - domain.start;
  const fitting = [...STEPS, ...LONG_STEPS].find((each) => length / each <= most);
  const step = fitting ?? Math.ceil(length / most / 86_400_000) * 86_400_000;
  const ticks: number[] = [];
  for (let at = 0; at <= length; at += step) ticks.push(at);
  return ticks;
}

/**
 * The ids of those that the whole waited for: from what ended last back through whatever ended last
 * before it began.
 */
export function criticalPath(bars: readonly Bar[]): Set<string> {
  const path = new Set<string>();
  const byEnd = [...bars].sort((a, b) => b.ran.end - a.ran.end || b.ran.start - a.ran.start);
  let before = Number.POSITIVE_INFINITY;
  for (const bar of byEnd) {
    if (path.size > 0 && bar.ran.end > before) continue;
    path.add(bar.id);
    before = bar.ran.start;
  }
  return path;
}
