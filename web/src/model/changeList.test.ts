import { expect, test } from "vitest";
import { changeList } from "./changeList";

const NOTHING = {
  fields: [],
  nodes_added: [],
  nodes_removed: [],
  nodes_changed: [],
  edges_added: [],
  edges_removed: [],
};

test("where nothing differs there is no group", () => {
  expect(changeList(NOTHING)).toEqual([]);
});

test("changes are grouped, with their values and without where there was none", () => {
  const groups = changeList({
    ...NOTHING,
    nodes_added: ["b"],
    nodes_changed: [
      { node: "a", changes: [{ field: "with.command", before: "x", after: "y" }] },
      { node: "c", changes: [{ field: "timeout", after: 5 }] },
    ],
    edges_removed: [{ node: "a", to: "c", outcome: "failure" }],
  });

  expect(groups).toEqual([
    ["nodesAdded", [{ key: "b", name: "b", before: null, after: null }]],
    [
      "nodesChanged",
      [
        { key: "a: with.command", name: "a: with.command", before: '"x"', after: '"y"' },
        { key: "c: timeout", name: "c: timeout", before: null, after: "5" },
      ],
    ],
    ["edgesRemoved", [{ key: "a c failure", name: "a → c (failure)", before: null, after: null }]],
  ]);
});
