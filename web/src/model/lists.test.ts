import { expect, test } from "vitest";
import { actOnEach, after, begun } from "./bulk";
import { moved } from "./ordering";
import { withHead, withRows } from "./rows";
import { extended, isChosen, isEmpty, NOTHING, toggled } from "./selection";

const page = (ids: string[], next: string | null = null) => ({
  items: ids.map((id) => ({ id, status: "old" })),
  next,
});
const idsOf = (list: { items: readonly { id: string }[] }) => list.items.map((each) => each.id);

test("new rows come on top, and what lies below stays", () => {
  const merged = withHead(page(["5", "4", "3", "2"], "after 2"), page(["6", "5", "4"], "after 4"));

  expect(idsOf(merged)).toEqual(["6", "5", "4", "3", "2"]);
  expect(merged.next).toBe("after 2");
});

test("a row that left the first page's stretch is gone", () => {
  const merged = withHead(page(["5", "4", "3", "2"], "after 2"), page(["5", "3"], "after 3"));

  expect(idsOf(merged)).toEqual(["5", "3", "2"]);
});

test("a list begins anew where the first page does not reach it", () => {
  const head = page(["9", "8"], "after 8");

  expect(withHead(page(["5", "4"], "after 4"), head)).toEqual(head);
  expect(withHead(page([]), head)).toEqual(head);
});

test("a first page that is all there is replaces the list", () => {
  expect(idsOf(withHead(page(["5", "4"]), page(["5"])))).toEqual(["5"]);
  expect(idsOf(withHead(page(["5", "4"], "x"), page(["6", "5", "4"], "y")))).toEqual([
    "6",
    "5",
    "4",
  ]);
});

test("single rows are renewed in their place", () => {
  const list = withRows(page(["2", "1"], "x"), [{ id: "1", status: "new" }]);

  expect(list.items.map((each) => each.status)).toEqual(["old", "new"]);
});

test("rows are chosen one by one, by range, or all that match", () => {
  const one = toggled(NOTHING, "b");
  const range = extended(one, ["a", "b", "c", "d"], "b", "d");

  expect(isChosen(one, "b")).toBe(true);
  expect(isEmpty(toggled(one, "b"))).toBe(true);
  expect(range.kind === "rows" ? [...range.ids] : []).toEqual(["b", "c", "d"]);
  expect(isChosen({ kind: "matching" }, "z")).toBe(true);
  expect(isEmpty({ kind: "matching" })).toBe(false);
  expect(isChosen(extended(NOTHING, ["a"], "gone", "a"), "a")).toBe(true);
  expect(isChosen(toggled({ kind: "matching" }, "a"), "a")).toBe(true);
});

test("acting on many tells of each step and why some were refused", async () => {
  const told: number[] = [];
  const state = await actOnEach(
    ["a", "b", "c"],
    async (id) => {
      if (id !== "b") throw new Error("has ended");
    },
    (error) => (error as Error).message,
    (each) => told.push(each.done + each.failed),
    new AbortController().signal,
  );

  expect(told).toEqual([1, 2, 3]);
  expect([state.done, state.failed, state.reasons.get("has ended")]).toEqual([1, 2, 2]);
  expect(after(begun(1), null).done).toBe(1);
});

test("acting on many ends when told to", async () => {
  const stop = new AbortController();
  const state = await actOnEach(
    ["a", "b"],
    async () => stop.abort(),
    String,
    () => undefined,
    stop.signal,
  );

  expect(state.done).toBe(1);
});

test("a member moves before or behind another", () => {
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 0)).toEqual(["c", "a", "b"]);
  expect(moved(["a"], 0, 3)).toEqual(["a"]);
});
