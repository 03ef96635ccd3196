import { expect, test } from "vitest";
import { formatBytes } from "./sizes";

test.each([
  [0, "0 B"],
  [820, "820 B"],
  [999.6, "1.0 kB"],
  [4_200, "4.2 kB"],
  [120_000, "120 kB"],
  [1_300_000_000, "1.3 GB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (bytes, words) => {
  expect(formatBytes(bytes)).toBe(words);
});
