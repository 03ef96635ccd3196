/** The units' names, and what stands between a number and its unit. */
export interface DurationUnits {
  gap: string;
  ms: string;
  s: string;
  m: string;
  h: string;
  d: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration in seconds in the two units that matter: `820 ms`, `4.2 s`, `3 m 05 s`, `2 d 4 h`. */
export function formatDuration(seconds: number, units: DurationUnits): string {
  const whole = Math.max(0, seconds);
  if (whole < 0.9995) return `${Math.round(whole * 1_000)}${units.gap}${units.ms}`;
  if (whole < 9.95) return `${whole.toFixed(1)}${units.gap}${units.s}`;
  if (whole < MINUTE - 0.5) return `${Math.round(whole)}${units.gap}${units.s}`;
  const rounded = Math.round(whole);
  if (rounded < HOUR) return pair(rounded, MINUTE, 1, units.m, units.s, units.gap);
  if (rounded < DAY) return pair(rounded, HOUR, MINUTE, units.h, units.m, units.gap);
  return pair(rounded, DAY, HOUR, units.d, units.h, units.gap, 1);
}

function pair(
  seconds: number,
  large: number,
  small: number,
  largeUnit: string,
  smallUnit: string,
  gap: string,
  digits = 2,
): string {
  const rest = String(Math.floor((seconds % large) / small)).padStart(digits, "0");
  return `${Math.floor(seconds / large)}${gap}${largeUnit} ${rest}${gap}${smallUnit}`;
}

interface Timed {
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
}

/** Seconds that something took, or has taken until `now` (ms); null before it began. */
export function secondsTaken(timed: Timed, now: number, isOpen: boolean): number | null {
  if (timed.duration_seconds !== null) return timed.duration_seconds;
  if (timed.started_at === null || !isOpen) return null;
  return Math.max(0, (now - Date.parse(timed.started_at)) / 1_000);
}
