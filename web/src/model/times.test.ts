import { expect, test } from "vitest";
import {
  absoluteTime,
  clockTime,
  isZone,
  relativeTime,
  startOfDay,
  zoneLabel,
  zoneName,
} from "./times";

const NOON = Date.parse("2026-11-28T12:00:00Z");

test("words the time that has passed, in both languages", () => {
  expect(relativeTime(NOON - 2_000, NOON, "en")).toBe("now");
  expect(relativeTime(NOON - 90_000, NOON, "en")).toBe("1 min. ago");
  expect(relativeTime(NOON - 3 * 3_600_000, NOON, "ko")).toBe("3시간 전");
  expect(relativeTime(NOON + 3_600_000, NOON, "en")).toBe("in 1 hr.");
  expect(relativeTime(NOON + 36 * 3_600_000, NOON, "en")).toBe("in 1 day");
  expect(relativeTime(NOON - 800 * 86_400_000, NOON, "en")).toBe("2 yr. ago");
});

test("always tells the zone with the time", () => {
  expect(absoluteTime(NOON, "Asia/Seoul")).toBe("2026-11-28 21:00:00 GMT+9");
  expect(absoluteTime(NOON + 7, "utc", true)).toBe("2026-11-28 12:00:00.007 UTC");
  expect(clockTime(NOON, "America/New_York")).toBe("2026-11-28 07:00:00");
  expect(zoneLabel(NOON, "utc")).toBe("UTC");
});

test("names zones and knows which there are", () => {
  expect(zoneName("utc")).toBe("UTC");
  expect(zoneName("local")).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone);
  expect(isZone("Asia/Seoul")).toBe(true);
  expect(isZone("Mars/Olympus")).toBe(false);
});

test.each([
  ["Asia/Seoul", "2026-11-28T12:34:56.789Z", "2026-11-27T15:00:00Z"],
  ["utc", "2026-11-28T00:00:00Z", "2026-11-28T00:00:00Z"],
  // The clocks go back (forward) in the small hours of these days.
  ["America/New_York", "2026-11-01T20:00:00Z", "2026-11-01T04:00:00Z"],
  ["America/New_York", "2026-03-08T20:00:00Z", "2026-03-08T05:00:00Z"],
  ["Asia/Kathmandu", "2026-11-28T12:00:00Z", "2026-11-27T18:15:00Z"],
])("the day in %s of %s began at %s", (zone, at, began) => {
  expect(new Date(startOfDay(Date.parse(at), zone)).toISOString()).toBe(
    new Date(began).toISOString(),
  );
});
