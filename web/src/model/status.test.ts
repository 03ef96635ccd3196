import { expect, test } from "vitest";
import { countByStatus, isSettled, isStatus, STATUSES, statusOf, together } from "./status";

test("knows its words and nothing else", () => {
  expect(isStatus("running")).toBe(true);
  expect(isStatus("SUCCESS")).toBe(false);
  expect(statusOf("failed")).toBe("failed");
  expect(statusOf("of a newer server")).toBe("pending");
});

test("has four statuses that nothing follows", () => {
  expect(STATUSES.filter(isSettled)).toEqual(["failed", "cancelled", "skipped", "completed"]);
});

test("lets the worst speak for all, then what still moves", () => {
  expect(together(["completed", "failed", "running"])).toBe("failed");
  expect(together(["completed", "running", "pending"])).toBe("running");
  expect(together(["skipped", "completed"])).toBe("completed");
  expect(together([])).toBe("pending");
});

test("counts", () => {
  expect([...countByStatus(["failed", "completed", "failed"])]).toEqual([
    ["failed", 2],
    ["completed", 1],
  ]);
});
