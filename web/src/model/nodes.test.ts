import { expect, test } from "vitest";
import { connectedTo, folded, graphOf, graphOfRan } from "./graph";
import { layoutInput, NODE_WIDTH, placesOf, shapeOf } from "./layout";
import { keysAbove, nameWithin, nodeRows, nodeTree, turnKey } from "./nodeTree";
import { progressOf } from "./progress";

const ran = (
  id: string,
  node: string,
  status: string,
  parent: string | null = null,
  iteration: string | null = null,
) => ({
  id,
  node,
  node_type: "python",
  status,
  execution_order: null,
  parent_node_execution_id: parent,
  iteration,
});

const NODES = [
  ran("1", "find", "completed"),
  ran("2", "check", "running"),
  ran("3", "check.files", "failed", "2", "0"),
  ran("4", "check.files", "completed", "2", "1"),
  ran("5", "check.licence", "completed", "2", "1"),
];

test("a loop is folded, and tells what is within it", () => {
  const rows = nodeRows(nodeTree(NODES), new Set());

  expect(rows.map((row) => row.label)).toEqual(["find", "check"]);
  expect(rows[1]?.hasChildren).toBe(true);
  expect([...(rows[1]?.counts ?? [])]).toEqual([
    ["failed", 1],
    ["completed", 2],
  ]);
});

test("unfolded it shows its turns, and those their nodes", () => {
  const rows = nodeRows(nodeTree(NODES), new Set(["2", turnKey("2", "0")]));

  expect(rows.map((row) => `${row.depth} ${row.label} ${row.status}`)).toEqual([
    "0 find completed",
    "0 check running",
    "1 [0] failed",
    "2 files failed",
    "1 [1] completed",
  ]);
});

test("children that are no turns of a loop lie right below", () => {
  const rows = nodeRows(
    nodeTree([ran("a", "outer", "running"), ran("b", "inner", "running", "a")]),
    new Set(["a"]),
  );

  expect(rows.map((row) => row.depth)).toEqual([0, 1]);
});

test("what is above a node has to be unfolded to see it", () => {
  expect(keysAbove(NODES, "4")).toEqual([turnKey("2", "1"), "2"]);
  expect(keysAbove(NODES, "1")).toEqual([]);
  expect(nameWithin("check.files")).toBe("files");
});

test("a parent that is not there makes no orphan", () => {
  expect(nodeTree([ran("x", "late", "running", "unknown")]).roots).toHaveLength(1);
});

const DEFINITION = {
  nodes: {
    find: { type: "python" },
    check: {
      type: "for_each",
      needs: [{ node: "find" }],
      do: {
        files: { type: "python" },
        finding: { type: "set", needs: [{ node: "files", outcome: "failure" }, "no need"] },
      },
    },
    tell: { type: "notify", needs: [{ node: "check", outcome: "always" }] },
  },
};

test("a definition becomes a graph in the colours of what ran", () => {
  const graph = graphOf(DEFINITION, NODES);

  expect(graph.nodes.map((each) => [each.key, each.status, each.parent])).toEqual([
    ["find", "completed", null],
    ["check", "running", null],
    ["check.files", "failed", "check"],
    ["check.finding", null, "check"],
    ["tell", null, null],
  ]);
  expect(graph.edges.map((each) => `${each.from} ${each.to} ${each.outcome}`)).toEqual([
    "find check success",
    "check.files check.finding failure",
    "check tell always",
  ]);
  expect(graph.nodes[2]?.latest).toBe("4");
});

test("without a definition what ran is joined to what started it", () => {
  const graph = graphOfRan(NODES);

  expect(graph.nodes.map((each) => each.key)).toEqual([
    "find",
    "check",
    "check.files",
    "check.licence",
  ]);
  expect(graph.edges.map((each) => `${each.from} ${each.to}`)).toEqual([
    "check check.files",
    "check check.licence",
  ]);
  expect(graphOf(null, []).nodes).toEqual([]);
});

test("what follows what in a canvas is joined once, and nothing to itself or to what is not there", () => {
  const graph = graphOfRan(NODES, [
    { node: "check", after: "find" },
    { node: "check.files", after: "check" },
    { node: "find", after: "find" },
    { node: "check", after: "elsewhere" },
  ]);

  expect(graph.edges.map((each) => `${each.from} ${each.to}`)).toEqual([
    "check check.files",
    "check check.licence",
    "find check",
  ]);
});

test("bodies fold away with their edges", () => {
  const graph = graphOf(DEFINITION, []);

  expect(folded(graph, new Set()).nodes.map((each) => each.key)).toEqual(["find", "check", "tell"]);
  expect(folded(graph, new Set()).edges).toHaveLength(2);
  expect(folded(graph, new Set(["check"])).nodes).toHaveLength(5);
});

test("what leads to a node and from it is found, and nothing beside", () => {
  const graph = graphOf(
    { nodes: { a: {}, b: { needs: [{ node: "a" }] }, c: { needs: [{ node: "b" }] }, d: {} } },
    [],
  );

  expect([...connectedTo(graph, "b")].sort()).toEqual(["a", "b", "c"]);
});

test("the layouter gets boxes in boxes, and its places are read back", () => {
  const graph = graphOf(DEFINITION, []);
  const input = layoutInput(graph);

  expect(input.children.map((each) => each.id)).toEqual(["find", "check", "tell"]);
  expect(input.children[1]?.children?.map((each) => each.id)).toEqual([
    "check.files",
    "check.finding",
  ]);
  expect(input.edges).toHaveLength(3);
  expect(shapeOf(graph)).toBe(shapeOf(graphOf(DEFINITION, NODES)));

  const places = placesOf({
    id: "graph",
    children: [{ id: "a", x: 1, y: 2, width: 3, height: 4, children: [{ id: "a.b" }] }],
  });
  expect(places.get("a")).toEqual({ x: 1, y: 2, width: 3, height: 4 });
  expect(places.get("a.b")?.width).toBe(NODE_WIDTH);
});

test("a graph of 5,000 nodes is made, folded and searched within a second", () => {
  const steps = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, index) => [
      `n${index}`,
      { needs: index === 0 ? [] : [{ node: `n${index - 1}` }] },
    ]),
  );
  const begun = performance.now();
  const graph = folded(graphOf({ nodes: steps }, []), new Set());
  layoutInput(graph);

  expect(graph.nodes).toHaveLength(5_000);
  expect(performance.now() - begun).toBeLessThan(1_000);
});

const COUNTED = {
  nodes_planned: null,
  nodes_total: 0,
  nodes_completed: 0,
  nodes_failed: 0,
  nodes_cancelled: 0,
  nodes_skipped: 0,
  progress_current: null,
  progress_total: null,
};

test("progress is what an execution says, else what its nodes came to", () => {
  expect(progressOf(COUNTED)).toBeNull();
  expect(progressOf({ ...COUNTED, progress_current: 1.5, progress_total: 3 })).toEqual({
    done: 0.5,
    failed: 0,
    words: "1.5/3",
  });
  expect(
    progressOf({
      ...COUNTED,
      nodes_planned: 4,
      nodes_total: 2,
      nodes_completed: 1,
      nodes_failed: 1,
    }),
  ).toEqual({ done: 0.25, failed: 0.25, words: "2/4" });
  expect(progressOf({ ...COUNTED, nodes_total: 25_000 })?.words).toBe("0/25k");
});
