import { expect, test } from "vitest";
import { niceTop, segmentsOf, totalOf } from "./stacks";
import { barsOf, busySpans, criticalPath, scaleOf, ticksOf } from "./timeline";
import { bornAt, shortId } from "./uuid7";

const SECOND = 1_000;
const START = Date.parse("2026-11-28T05:00:00Z");
const at = (seconds: number) => new Date(START + seconds * SECOND).toISOString();
const id = (seconds: number, end: string) => {
  const born = (START + seconds * SECOND).toString(16).padStart(12, "0");
  return `${born.slice(0, 8)}-${born.slice(8)}-7${end.padStart(3, "0")}-8000-000000000000`;
};
const node = (from: number, to: number | null, name = "1", born = from) => ({
  id: id(born, name),
  started_at: at(from),
  ended_at: to === null ? null : at(to),
});

test("an id of version 7 says when it was born", () => {
  expect(bornAt(id(3, "1"))).toBe(START + 3 * SECOND);
  expect(bornAt("d9f1c2aa-0000-4000-8000-000000000000")).toBeNull();
  expect(shortId("01a22091-72df-7768-bc4d-f5f7d89ab1be")).toBe("d89ab1be");
});

test("bars tell waiting from running, and go on while it runs", () => {
  const [bar, open] = barsOf(
    [node(2, 5, "1", 1), node(4, null), { id: "x", started_at: null, ended_at: null }],
    START + 9 * SECOND,
  );

  expect(bar?.queued).toEqual({ start: START + SECOND, end: START + 2 * SECOND });
  expect(bar?.ran).toEqual({ start: START + 2 * SECOND, end: START + 5 * SECOND });
  expect(open?.ran.end).toBe(START + 9 * SECOND);
  expect(open?.isOpen).toBe(true);
  expect(open?.queued).toBeNull();
});

test("a scale places moments, with or without idle time", () => {
  const bars = barsOf([node(0, 2), node(8, 10)], START);
  const whole = scaleOf(bars, false);
  const busy = scaleOf(bars, true);

  expect(whole.place(START + 5 * SECOND)).toBe(0.5);
  expect(busy.place(START + 5 * SECOND)).toBe(0.5);
  expect(busy.place(START + 2 * SECOND)).toBe(0.5);
  expect(busy.place(START + 9 * SECOND)).toBe(0.75);
  expect(whole.place(START - SECOND)).toBe(0);
  expect(whole.place(START + 99 * SECOND)).toBe(1);
});

test("a scale of nothing, and of a moment, still is one", () => {
  expect(scaleOf([], false).place(0)).toBe(0);
  expect(scaleOf(barsOf([node(1, 1)], START), true).place(START + SECOND)).toBe(0);
});

test("spans that touch are one", () => {
  expect(
    busySpans([
      { start: 5, end: 6 },
      { start: 0, end: 2 },
      { start: 2, end: 3 },
    ]),
  ).toEqual([
    { start: 0, end: 3 },
    { start: 5, end: 6 },
  ]);
});

test("ticks come in round steps, never too many", () => {
  expect(ticksOf({ start: 0, end: 7_200 }, 6)).toEqual([0, 2_000, 4_000, 6_000]);
  expect(ticksOf({ start: 0, end: 90 * 86_400_000 }, 6).length).toBeLessThanOrEqual(7);
});

test("the critical path leads back from the last end", () => {
  const bars = barsOf(
    [node(0, 2, "a"), node(0, 1, "b"), node(2, 6, "c"), node(2, 3, "d"), node(6, 7, "e")],
    START,
  );

  expect([...criticalPath(bars)].sort()).toEqual([id(0, "a"), id(2, "c"), id(6, "e")].sort());
  expect(criticalPath([]).size).toBe(0);
});

test("stacks lie on one another, what failed on top", () => {
  const counts = { completed: 6, failed: 2, running: 0 };

  expect(totalOf(counts)).toBe(8);
  expect(segmentsOf(counts, 10)).toEqual([
    { status: "completed", count: 6, from: 0, height: 0.6 },
    { status: "failed", count: 2, from: 0.6, height: 0.2 },
  ]);
});

test.each([
  [0, 4],
  [4, 4],
  [7, 10],
  [21, 25],
  [378, 500],
  [1_001, 2_000],
])("an axis for %d ends at %d", (highest, top) => {
  expect(niceTop(highest)).toBe(top);
});
