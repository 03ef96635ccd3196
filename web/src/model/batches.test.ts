import { describe, expect, test } from "vitest";
import { manyInputs, sharesOf } from "./batches";

test("a batch's bar has a part for each way to settle, of the whole", () => {
  const batch = { total: 8, completed: 4, failed: 2, cancelled: 0, not_run: 1 };

  expect(sharesOf(batch)).toEqual([
    { status: "completed", count: 4, percent: 50 },
    { status: "failed", count: 2, percent: 25 },
    { status: "skipped", count: 1, percent: 12.5 },
  ]);
});

test("a batch of none has no parts", () => {
  expect(sharesOf({ total: 0, completed: 0, failed: 0, cancelled: 0, not_run: 0 })).toEqual([]);
});

describe("many inputs", () => {
  test.each([
    ['{"day": 1}\n\n{"day": 2}\n', [{ day: 1 }, { day: 2 }]],
    ['[{"day": 1},\n {"day": 2}]', [{ day: 1 }, { day: 2 }]],
    ["", []],
  ])("%j", (text, inputs) => {
    expect(manyInputs(text)).toEqual({ ok: true, inputs });
  });

  test.each([
    ['{"day": 1}\n{"day": }', 2],
    ['{"day": 1}\n7', 2],
    ["[1, 2]", 1],
    ["[{},", 1],
  ])("%j is none", (text, line) => {
    expect(manyInputs(text)).toEqual({ ok: false, line });
  });
});
