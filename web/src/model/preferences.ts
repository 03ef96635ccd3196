import { isZone, type ZoneChoice } from "./times";

export const LANGUAGES = ["en", "ko"] as const;
export type Language = (typeof LANGUAGES)[number];
/** Seconds between polls that may be chosen; 0 is off. */
export const INTERVALS = [1, 2, 5, 15, 30, 60, 0] as const;

/** What a person chose for this browser. */
export interface Preferences {
  language: Language | null;
  zone: ZoneChoice;
  /** Seconds; 0 is off (R3.6: 2 by default). */
  interval: number;
}

export const DEFAULTS: Preferences = { language: null, zone: "local", interval: 2 };

/** What was kept, as far as it makes sense. */
export function preferencesOf(text: string | null): Preferences {
  let kept: unknown;
  try {
    kept = JSON.parse(text ?? "{}");
  } catch {
    return DEFAULTS;
  }
  const { language, zone, interval } = (kept ?? {}) as Record<string, unknown>;
  return {
    language: LANGUAGES.find((each) => each === language) ?? null,
    zone: isChoice(zone) ? zone : DEFAULTS.zone,
    interval: INTERVALS.find((each) => each === interval) ?? DEFAULTS.interval,
  };
}

/** The chosen language, else the first that the browser asks for and we have. */
export function languageFor(chosen: Language | null, wanted: readonly string[]): Language {
  if (chosen) return chosen;
  for (const each of wanted) {
    const found = LANGUAGES.find((language) => each.toLowerCase().split("-")[0] === language);
    if (found) return found;
  }
  return "en";
}

function isChoice(zone: unknown): zone is ZoneChoice {
  return zone === "local" || zone === "utc" || (typeof zone === "string" && isZone(zone));
}
