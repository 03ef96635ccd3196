import { describe, expect, test } from "vitest";
import { cronWords } from "./cronWords";

describe("a cron expression in words", () => {
  test.each([
    ["* * * * *", { sentence: "minutes", count: 1 }],
    ["*/15 * * * *", { sentence: "minutes", count: 15 }],
    ["0 */15 * * * *", { sentence: "minutes", count: 15 }],
    ["5,35 * * * *", { sentence: "hourly", at: ":05, :35" }],
    ["@hourly", { sentence: "hourly", at: ":00" }],
    ["0 */6 * * *", { sentence: "hours", count: 6, at: ":00" }],
    ["30 2 * * *", { sentence: "daily", at: "02:30" }],
    ["0 9,17 * * *", { sentence: "daily", at: "09:00, 17:00" }],
    ["30 9 * * 1-5", { sentence: "workdays", at: "09:30" }],
    ["30 9 * * MON-FRI", { sentence: "workdays", at: "09:30" }],
    ["0 8 * * 7", { sentence: "weekly", days: "Sunday" }],
    ["0 8 * * sat,sun", { sentence: "weekly", days: "Sunday, Saturday" }],
    ["0 8 * * fri-mon", { sentence: "weekly", days: "Sunday, Monday, Friday, Saturday" }],
    ["0 0 1,15 * *", { sentence: "monthly", days: "1, 15" }],
    ["0 0 L * *", { sentence: "lastDay", at: "00:00" }],
    ["@yearly", { sentence: "yearly", days: "January 1" }],
  ])("%s", (expression, expected) => {
    expect(cronWords(expression, "en")).toMatchObject(expected);
  });

  test("days are named in the language", () => {
    expect(cronWords("0 8 * * 1", "ko")?.days).toBe("월요일");
  });

  test.each([
    "0-59/15 * * * *",
    "30 9 1 * 1",
    "0 0 LW * *",
    "0 8 * * 5#2",
    "15 10 * * * *",
    "0 0,1,2,3,4,5,6 * * *",
    "61 * * * *",
    "*/0 * * * *",
    "nonsense",
    "",
  ])("there are no words for %j", (expression) => {
    expect(cronWords(expression, "en")).toBeNull();
  });
});
