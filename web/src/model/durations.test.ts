import { expect, test } from "vitest";
import { formatDuration, secondsTaken } from "./durations";

const units = { gap: " ", ms: "ms", s: "s", m: "m", h: "h", d: "d" };

test.each([
  [0, "0 ms"],
  [0.0082, "8 ms"],
  [0.9996, "1.0 s"],
  [4.21, "4.2 s"],
  [9.96, "10 s"],
  [59.4, "59 s"],
  [59.6, "1 m 00 s"],
  [185, "3 m 05 s"],
  [3_599.9, "1 h 00 m"],
  [7_860, "2 h 11 m"],
  [86_400 * 2 + 3_600 * 4, "2 d 4 h"],
  [-3, "0 ms"],
])("%d seconds are %s", (seconds, words) => {
  expect(formatDuration(seconds, units)).toBe(words);
});

test("Korean units follow their numbers at once", () => {
  const korean = { gap: "", ms: "ms", s: "초", m: "분", h: "시간", d: "일" };

  expect(formatDuration(185, korean)).toBe("3분 05초");
});

test("takes what the record says, else counts on while it is open", () => {
  const began = "2026-11-28T00:00:00Z";
  const now = Date.parse("2026-11-28T00:01:00Z");
  const open = { started_at: began, ended_at: null, duration_seconds: null };

  expect(secondsTaken({ ...open, duration_seconds: 7 }, now, true)).toBe(7);
  expect(secondsTaken(open, now, true)).toBe(60);
  expect(secondsTaken(open, now, false)).toBeNull();
  expect(secondsTaken({ ...open, started_at: null }, now, true)).toBeNull();
  expect(secondsTaken(open, Date.parse(began) - 5_000, true)).toBe(0);
});
