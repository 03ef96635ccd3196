import { describe, expect, test } from "vitest";
import { definitionOf, formOf, inUnits, NEW_SCHEDULE } from "./scheduleForm";

const SEOUL = "Asia/Seoul";

describe("a schedule's form", () => {
  test.each([
    [45, 45, "s"],
    [90, 90, "s"],
    [900, 15, "m"],
    [5_400, 90, "m"],
    [7_200, 2, "h"],
    [172_800, 2, "d"],
    [0.5, 0.5, "s"],
  ])("%d seconds are %d %s", (seconds, count, unit) => {
    expect(inUnits(seconds)).toEqual({ count, unit });
  });

  test("what is as usual need not be held", () => {
    const form = formOf({ trigger: { type: "cron", expression: "0 7 * * *" } }, SEOUL);

    expect(form).toEqual({ ...NEW_SCHEDULE, expression: "0 7 * * *" });
  });

  test.each([
    {
      trigger: { type: "interval", every: 900, anchor: "2026-01-01T00:00:00.000Z", phase: 30 },
      start: "2026-11-28T05:05:00.000Z",
      end: null,
      misfire_grace: 3600,
      coalesce: false,
      catch_up: "latest",
      input: { day: "{{ due.date }}" },
      tags: ["nightly"],
    },
    {
      trigger: { type: "at", moment: "2026-11-01T09:30" },
      start: null,
      end: null,
      misfire_grace: 60,
      coalesce: true,
      catch_up: "none",
      input: {},
      tags: [],
    },
  ])("says again what it was made of", (definition) => {
    expect(definitionOf(formOf(definition, SEOUL), SEOUL)).toEqual({ definition });
  });

  test("a moment with an offset is shown by the clocks of the zone", () => {
    const form = formOf({ trigger: { type: "at", moment: "2026-11-01T00:30:00Z" } }, SEOUL);

    expect(form.moment).toBe("2026-11-01T09:30");
  });

  test.each([
    [{ expression: " " }, "expression"],
    [{ type: "interval", every: "soon" }, "every"],
    [{ type: "interval", every: "0" }, "every"],
    [{ type: "at" }, "moment"],
    [{ grace: "-1" }, "grace"],
    [{ grace: "" }, "grace"],
    [{ input: "[1]" }, "input"],
  ] as const)("%j cannot be", (changes, fault) => {
    expect(definitionOf({ ...NEW_SCHEDULE, ...changes }, SEOUL)).toEqual({ fault });
  });
});
