import { expect, test } from "vitest";
import { around, type DiffLine, diffLines } from "./lineDiff";

const before = (lines: readonly DiffLine[]) =>
  lines.filter((each) => each.kind !== "added").map((each) => each.text);
const after = (lines: readonly DiffLine[]) =>
  lines.filter((each) => each.kind !== "removed").map((each) => each.text);
const told = (lines: readonly DiffLine[]) =>
  lines.map((each) => `${{ same: " ", added: "+", removed: "-" }[each.kind]}${each.text}`);

test("a changed line is taken away and added", () => {
  expect(told(diffLines("a\nb\nc\n", "a\nB\nc\n"))).toEqual([" a", "-b", "+B", " c"]);
});

test("what is added at the beginning, between and at the end is found", () => {
  expect(told(diffLines("b\nd\n", "a\nb\nc\nd\ne\n"))).toEqual(["+a", " b", "+c", " d", "+e"]);
});

test("nothing against something, and the same against itself", () => {
  expect(told(diffLines("", "a\n"))).toEqual(["+a"]);
  expect(told(diffLines("a\n", ""))).toEqual(["-a"]);
  expect(told(diffLines("a\nb", "a\nb\n"))).toEqual([" a", " b"]);
});

test("whatever the texts, both can be read back from the comparison", () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % below;
  };
  for (let round = 0; round < 200; round += 1) {
    const one = Array.from({ length: random(12) }, () => String(random(4)));
    const other = Array.from({ length: random(12) }, () => String(random(4)));
    const lines = diffLines(one.join("\n"), other.join("\n"));

    expect(before(lines)).toEqual(one);
    expect(after(lines)).toEqual(other);
  }
});

test("only lines near a change are shown, and the others counted", () => {
  const old = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const now = old.with(10, "other");
  const parts = around(diffLines(old.join("\n"), now.join("\n")), 2);

  expect(parts.map((part) => ("hidden" in part ? part.hidden : part.lines.length))).toEqual([
    8, 6, 7,
  ]);
});

test("where nothing changed, all is counted", () => {
  expect(around(diffLines("a\nb", "a\nb"))).toEqual([{ hidden: 2 }]);
});
