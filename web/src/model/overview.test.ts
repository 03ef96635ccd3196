import { expect, test } from "vitest";
import type { Graph } from "./graph";
import { boundsOf, nodeAt, overviewOf } from "./overview";

const GRAPH: Graph = {
  nodes: ["first", "loop", "loop.inner", "unplaced"].map((key) => ({
    key,
    label: key,
    type: null,
    status: key === "first" ? "completed" : null,
    counts: new Map(),
    parent: key === "loop.inner" ? "loop" : null,
    hasBody: key === "loop",
    latest: null,
  })),
  edges: [
    { id: "1", from: "first", to: "loop", outcome: "success" },
    { id: "2", from: "loop", to: "unplaced", outcome: "success" },
  ],
};
const PLACES = new Map([
  ["first", { x: 0, y: 100, width: 200, height: 50 }],
  ["loop.inner", { x: 10, y: 60, width: 200, height: 50 }],
  ["loop", { x: 300, y: 50, width: 220, height: 120 }],
]);

test("a node in a loop's body is found where it lies, and the loop around it", () => {
  const overview = overviewOf(GRAPH, PLACES);
  expect(nodeAt(overview, 320, 120)?.key).toBe("loop.inner");
  expect(nodeAt(overview, 302, 60)?.key).toBe("loop");
  expect(nodeAt(overview, 250, 60)).toBeNull();
  expect(overview.nodes.find((each) => each.key === "loop")?.isAround).toBe(true);
});

test("an edge goes from the right of one to the left of the other, where both have a place", () => {
  const { edges } = overviewOf(GRAPH, PLACES);
  expect(edges).toEqual([{ from: "first", to: "loop", x1: 200, y1: 125, x2: 300, y2: 110 }]);
});

test("the bounds hold all nodes", () => {
  expect(overviewOf(GRAPH, PLACES).bounds).toEqual({ x: 0, y: 50, width: 520, height: 120 });
  expect(boundsOf([])).toEqual({ x: 0, y: 0, width: 0, height: 0 });
});
