/** What a cron expression says, as far as there are words for it: a sentence's name and its values. */
export interface CronWords {
  sentence:
    | "minutes"
    | "hourly"
    | "hours"
    | "daily"
    | "workdays"
    | "weekly"
    | "monthly"
    | "lastDay"
    | "yearly";
  count: number;
  at: string;
  days: string;
}

const NAMED: Readonly<Record<string, string>> = {
  "@hourly": "0 * * * *",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@weekly": "0 0 * * 0",
  "@monthly": "0 0 1 * *",
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
};
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const WORKDAYS = "1,2,3,4,5";
const MOST_TIMES = 6;
/** A Sunday, to name the days of a week by. */
const SUNDAY = Date.UTC(2023, 0, 1);
const DAY = 86_400_000;

/**
 * The words for an expression of five fields (or six with a second that is zero); null for one that
 * is too much for a sentence. Days are named in the language.
 */
export function cronWords(expression: string, language: string): CronWords | null {
  const text = expression.trim().toLowerCase();
  const fields = (NAMED[text] ?? text).split(/\s+/);
  if (fields.length === 6 && fields[0] === "0") fields.shift();
  const [minute, hour, day, month, weekday] = fields;
  if (!minute || !hour || !day || !month || !weekday || fields.length !== 5) return null;
  const words = (
    sentence: CronWords["sentence"],
    { count = 1, at = "", days = "" }: Partial<CronWords> = {},
  ) => ({ sentence, count, at, days });
  const isEveryDay = day === "*" && month === "*" && weekday === "*";
  if (isEveryDay && hour === "*") {
    const step = stepOf(minute);
    if (step !== null) return words("minutes", { count: step });
    const minutes = numbersOf(minute, 59);
    return minutes === null ? null : words("hourly", { at: minutes.map(colon).join(", ") });
  }
  const hours = stepOf(hour);
  if (isEveryDay && hours !== null) {
    const minutes = numbersOf(minute, 59);
    return minutes === null
      ? null
      : words("hours", { count: hours, at: minutes.map(colon).join(", ") });
  }
  const at = timesOf(hour, minute);
  if (at === null) return null;
  if (isEveryDay) return words("daily", { at });
  if (day === "*" && month === "*") {
    const days = weekdaysOf(weekday);
    if (days === null) return null;
    if (days.join() === WORKDAYS) return words("workdays", { at });
    return words("weekly", {
      at,
      days: days.map((each) => weekdayName(each, language)).join(", "),
    });
  }
  if (weekday !== "*") return null;
  if (day === "l" && month === "*") return words("lastDay", { at });
  const days = numbersOf(day, 31);
  if (days === null) return null;
  if (month === "*") return words("monthly", { at, days: days.join(", ") });
  const months = numbersOf(month, 12);
  if (months?.length !== 1 || days.length !== 1) return null;
  return words("yearly", { at, days: dateName(months[0] ?? 1, days[0] ?? 1, language) });
}

/** The step of a field that means every so many; 1 for every one. */
function stepOf(field: string): number | null {
  if (field === "*") return 1;
  const step = /^\*\/(\d+)$/.exec(field)?.[1];
  return step === undefined || Number(step) === 0 ? null : Number(step);
}

function numbersOf(field: string, most: number): number[] | null {
  if (!/^\d+(,\d+)*$/.test(field)) return null;
  const numbers = field.split(",").map(Number);
  return numbers.every((each) => each <= most) ? numbers : null;
}

function timesOf(hour: string, minute: string): string | null {
  const [hours, minutes] = [numbersOf(hour, 23), numbersOf(minute, 59)];
  if (hours === null || minutes === null || hours.length * minutes.length > MOST_TIMES) return null;
  return hours.flatMap((each) => minutes.map((past) => two(each) + colon(past))).join(", ");
}

function weekdaysOf(field: string): number[] | null {
  const days = new Set<number>();
  for (const part of field.split(",")) {
    const [from, to, ...rest] = part.split("-").map(weekdayOf);
    if (rest.length > 0 || from === undefined || from === null || to === null) return null;
    const last = to === undefined ? from : to < from ? to + 7 : to;
    for (let each = from; each <= last; each += 1) days.add(each % 7);
  }
  return [...days].sort((one, other) => one - other);
}

function weekdayOf(text: string): number | null {
  const named = WEEKDAYS.indexOf(text);
  if (named >= 0) return named;
  return /^[0-7]$/.test(text) ? Number(text) : null;
}

function weekdayName(day: number, language: string): string {
  return new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" }).format(
    SUNDAY + day * DAY,
  );
}

function dateName(month: number, day: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    month: "long",
    day: "numeric",
    timeZone: "UTC",
  }).format(Date.UTC(2024, month - 1, day));
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

function colon(minute: number): string {
  return `:${two(minute)}`;
}
