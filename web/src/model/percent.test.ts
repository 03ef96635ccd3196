import { expect, test } from "vitest";
import { percent } from "./percent";

test("small shares have a digit more, and none is nothing", () => {
  expect(percent(0)).toBe("0 %");
  expect(percent(0.0123)).toBe("1.2 %");
  expect(percent(0.164)).toBe("16 %");
  expect(percent(1)).toBe("100 %");
  expect(percent(null)).toBe("");
});
