export type ZoneChoice = "local" | "utc" | (string & {});

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number, number][] = [
  ["second", 1_000, MINUTE],
  ["minute", MINUTE, HOUR],
  ["hour", HOUR, DAY],
  ["day", DAY, 30 * DAY],
  ["month", 30 * DAY, 365 * DAY],
  ["year", 365 * DAY, Number.POSITIVE_INFINITY],
];
const JUST_NOW_MS = 5_000;

/** How long ago (or until) something is, in words of the language; times are ms since 1970. */
export function relativeTime(at: number, now: number, language: string): string {
  const away = at - now;
  if (Math.abs(away) < JUST_NOW_MS) return wordsOf(language).now.format(0, "second");
  const step = STEPS.find(([, , limit]) => Math.abs(away) < limit);
  const [unit, size] = step ?? (["year", 365 * DAY] as const);
  return wordsOf(language).away.format(Math.trunc(away / size), unit);
}

interface RelativeWords {
  now: Intl.RelativeTimeFormat;
  away: Intl.RelativeTimeFormat;
}

const relativeWords = new Map<string, RelativeWords>();

function wordsOf(language: string): RelativeWords {
  let words = relativeWords.get(language);
  if (!words) {
    words = {
      now: new Intl.RelativeTimeFormat(language, { numeric: "auto" }),
      // Always in numbers: a day and a half from now is not tomorrow.
      away: new Intl.RelativeTimeFormat(language, { numeric: "always", style: "short" }),
    };
    relativeWords.set(language, words);
  }
  return words;
}

/** The IANA name of a chosen zone. */
export function zoneName(choice: ZoneChoice): string {
  if (choice === "utc") return "UTC";
  return choice === "local" ? localZone() : choice;
}

const ASK_AGAIN_MS = 10_000;
let local = { name: "", askedAt: Number.NEGATIVE_INFINITY };

/** Asked for with each of a thousand lines, and slow to tell: a computer seldom travels. */
function localZone(): string {
  const now = performance.now();
  if (now - local.askedAt > ASK_AGAIN_MS) {
    local = { name: Intl.DateTimeFormat().resolvedOptions().timeZone, askedAt: now };
  }
  return local.name;
}

export function isZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A moment as the zone's clocks show it, always with the zone: `2026-11-28 14:05:09 GMT+9`. */
export function absoluteTime(at: number, choice: ZoneChoice, withMillis = false): string {
  const parts = partsOf(at, choice);
  return `${clockOf(parts, at, withMillis)} ${parts.timeZoneName ?? ""}`;
}

/** A moment without its zone, for where the zone stands beside. */
export function clockTime(at: number, choice: ZoneChoice, withMillis = false): string {
  return clockOf(partsOf(at, choice), at, withMillis);
}

function clockOf(part: Parts, at: number, withMillis: boolean): string {
  const time = `${part.hour}:${part.minute}:${part.second}`;
  const millis = withMillis ? `.${String(Math.floor(at) % 1_000).padStart(3, "0")}` : "";
  return `${part.year}-${part.month}-${part.day} ${time}${millis}`;
}

/** The zone's own short name at a moment: `GMT+9`, `UTC`. */
export function zoneLabel(at: number, choice: ZoneChoice): string {
  return partsOf(at, choice).timeZoneName ?? "";
}

const formats = new Map<string, Intl.DateTimeFormat>();

type Parts = Partial<Record<string, string>>;

function partsOf(at: number, choice: ZoneChoice): Parts {
  const zone = zoneName(choice);
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
      hour: "2-digit",
      minute: "2-digit",
      second: "2-digit",
      timeZoneName: "short",
    });
    formats.set(zone, format);
  }
  return Object.fromEntries(format.formatToParts(at).map((each) => [each.type, each.value]));
}

/** The midnight that a zone's day of a moment began with, in ms. Also where clocks change. */
export function startOfDay(at: number, choice: ZoneChoice): number {
  const part = partsOf(at, choice);
  const sinceMidnight =
    Number(part.hour) * HOUR + Number(part.minute) * MINUTE + Number(part.second) * 1_000;
  const guess = at - (at % 1_000) - sinceMidnight;
  const found = partsOf(guess, choice);
  if (found.day === part.day && Number(found.hour) === 0) return guess;
  const off = Number(found.hour) * HOUR + Number(found.minute) * MINUTE;
  return found.day === part.day ? guess - off : guess + (DAY - off);
}
