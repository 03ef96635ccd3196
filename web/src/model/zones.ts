import { clockTime, type ZoneChoice } from "./times";

const MINUTE_LENGTH = "2026-11-28T14:05".length;

/** A moment (ms) as an input for date and time takes it, by a zone's clocks: `2026-11-28T14:05`. */
export function localInput(at: number, zone: ZoneChoice): string {
  return clockTime(at, zone).replace(" ", "T").slice(0, MINUTE_LENGTH);
}

/**
 * The moment (ms) at which a zone's clocks say a local time; null for what is none. Of a time that
 * comes twice the first is meant, of one that clocks skip the moment just as long after the gap.
 */
export function momentOf(local: string, zone: ZoneChoice): number | null {
  const asUtc = Date.parse(`${local}Z`);
  if (Number.isNaN(asUtc)) return null;
  const before = asUtc - offsetAt(asUtc - DAY, zone);
  if (offsetAt(before, zone) === offsetAt(asUtc - DAY, zone)) return before;
  const after = asUtc - offsetAt(asUtc + DAY, zone);
  return offsetAt(after, zone) === offsetAt(asUtc + DAY, zone) ? after : before;
}

const DAY = 86_400_000;

/** How far (ms) a zone's clocks are ahead of UTC at a moment. */
function offsetAt(at: number, zone: ZoneChoice): number {
  const whole = Math.floor(at / 1_000) * 1_000;
  return Date.parse(`${clockTime(whole, zone).replace(" ", "T")}Z`) - whole;
}
