import { useTranslation } from "react-i18next";
import { type DurationUnits, formatDuration, secondsTaken } from "../model/durations";
import { isSettled, type Status } from "../model/status";
import { absoluteTime, clockTime, relativeTime } from "../model/times";
import { useNow } from "./now";
import { usePreferences } from "./preferences";

/** A moment: how long ago, and on hover when exactly, in the chosen zone. */
export function Ago({ at }: { at: string | null | undefined }) {
  const { i18n } = useTranslation();
  const { zone } = usePreferences();
  const now = useNow();
  if (!at) return null;
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(moment, zone, true)}>
      {relativeTime(moment, now, i18n.language)}
    </time>
  );
}

/** A moment as the chosen zone's clocks show it, with the zone. */
export function At({ at, isBare = false }: { at: string | null | undefined; isBare?: boolean }) {
  const { zone } = usePreferences();
  if (!at) return null;
  const moment = Date.parse(at);
  return (
    <time dateTime={at} title={absoluteTime(moment, zone, true)} className="number">
      {isBare ? clockTime(moment, zone) : absoluteTime(moment, zone)}
    </time>
  );
}

const unitsOf = new Map<string, DurationUnits>();

/** The units in the language: looked up once, for they stand in every row. */
export function useUnits(): DurationUnits {
  const { t, i18n } = useTranslation();
  const known = unitsOf.get(i18n.language);
  if (known) return known;
  const units = {
    gap: i18n.language === "ko" ? "" : " ",
    ms: t("units.ms"),
    s: t("units.s"),
    m: t("units.m"),
    h: t("units.h"),
    d: t("units.d"),
  };
  unitsOf.set(i18n.language, units);
  return units;
}

export function Seconds({ seconds }: { seconds: number | null }) {
  const units = useUnits();
  if (seconds === null) return null;
  return <span className="number">{formatDuration(seconds, units)}</span>;
}

interface Timed {
  started_at: string | null;
  ended_at: string | null;
  duration_seconds: number | null;
}

/** How long something took, counting on while it runs. */
export function Taken({ of, status }: { of: Timed; status: Status }) {
  const isOpen = !isSettled(status) && status !== "lost" && of.started_at !== null;
  const now = useNow(isOpen);
  return <Seconds seconds={secondsTaken(of, now, isOpen)} />;
}
