import { expect, test } from "vitest";
import { ansiPieces, marked, plainText } from "./ansi";
import { emptyWindow, indexAt, MOST_LINES, tailWindow, withEarlier, withLater } from "./logWindow";

const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => ({ position: from + index }));
const ends = (window: { lines: readonly { position: number }[] }) => [
  window.lines[0]?.position,
  window.lines.at(-1)?.position,
];

test("opens at the tail and grows at both ends, no line twice", () => {
  const tail = tailWindow(lines(501, 1_000), 500);
  const later = withLater(tail, lines(990, 1_010), false);
  const earlier = withEarlier(later, lines(1, 510), 500);

  expect(tail.hasBefore).toBe(true);
  expect(ends(later)).toEqual([501, 1_010]);
  expect(later.lines).toHaveLength(510);
  expect(ends(earlier)).toEqual([1, 1_010]);
  expect(earlier.lines).toHaveLength(1_010);
});

test("knows when it has reached the beginning", () => {
  expect(tailWindow(lines(1, 20), 500).hasBefore).toBe(false);
  expect(withEarlier(tailWindow(lines(10, 20), 5), lines(1, 9), 500).hasBefore).toBe(false);
});

test("lets go of what is far away, and says that it is there", () => {
  const full = { lines: lines(1, MOST_LINES), hasBefore: false, hasAfter: false };
  const later = withLater(full, lines(MOST_LINES + 1, MOST_LINES + 500), true);
  const earlier = withEarlier(
    { lines: lines(501, MOST_LINES + 500), hasBefore: true, hasAfter: false },
    lines(1, 500),
    500,
  );

  expect(later.lines).toHaveLength(MOST_LINES);
  expect([later.hasBefore, later.hasAfter]).toEqual([true, true]);
  expect(earlier.lines).toHaveLength(MOST_LINES);
  expect([earlier.hasBefore, earlier.hasAfter]).toEqual([true, true]);
  expect(ends(earlier)).toEqual([1, MOST_LINES]);
});

test("finds a line, or the first after where one is filtered out", () => {
  const window = tailWindow([{ position: 3 }, { position: 7 }, { position: 9 }], 5);

  expect(indexAt(window, 7)).toBe(1);
  expect(indexAt(window, 4)).toBe(1);
  expect(indexAt(window, 10)).toBe(-1);
  expect(indexAt(emptyWindow(), 1)).toBe(-1);
});

test("reads the colours of terminals and leaves the rest out", () => {
  expect(ansiPieces("plain")).toEqual([
    { text: "plain", colour: null, isBold: false, isDim: false },
  ]);
  expect(
    ansiPieces("\u001b[1;31mred\u001b[0m and \u001b[94;2mdim\u001b[22;39m\u001b[2K.").map(
      (piece) => [piece.text, piece.colour, piece.isBold, piece.isDim],
    ),
  ).toEqual([
    ["red", 1, true, false],
    [" and ", null, false, false],
    ["dim", 12, false, true],
    [".", null, false, false],
  ]);
  expect(ansiPieces("\u001b[38;5;3my\u001b[48;2;1;2;3mz").map((each) => each.colour)).toEqual([
    3, 3,
  ]);
  expect(plainText("\u001b]0;title\u0007\u001b[32mok\u001b[m")).toBe("ok");
});

test("marks every place of what is looked for, in any case", () => {
  expect(marked("Row by row", "ROW")).toEqual([
    { text: "Row", isFound: true },
    { text: " by ", isFound: false },
    { text: "row", isFound: true },
  ]);
  expect(marked("text", "")).toEqual([{ text: "text", isFound: false }]);
  expect(marked("한국어 로그", "로그")[1]).toEqual({ text: "로그", isFound: true });
});
