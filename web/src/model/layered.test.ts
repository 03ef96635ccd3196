import { expect, test } from "vitest";
import type { Graph } from "./graph";
import { placesInLayers } from "./layered";

function graph(nodes: readonly string[], edges: readonly (readonly [string, string])[]): Graph {
  return {
    nodes: nodes.map((key) => ({
      key,
      label: key,
      type: null,
      status: null,
      counts: new Map(),
      parent: key.includes(".") ? key.slice(0, key.lastIndexOf(".")) : null,
      hasBody: nodes.some((other) => other.startsWith(`${key}.`)),
      latest: null,
    })),
    edges: edges.map(([from, to]) => ({ id: `${from} ${to}`, from, to, outcome: "success" })),
  };
}

test("a node stands behind all that it needs", () => {
  const places = placesInLayers(
    graph(
      ["d", "a", "b"],
      [
        ["a", "b"],
        ["b", "d"],
        ["a", "d"],
      ],
    ),
  );
  const x = (key: string) => places.get(key)?.x ?? Number.NaN;

  expect(x("a")).toBeLessThan(x("b"));
  expect(x("b")).toBeLessThan(x("d"));
});

test("no two nodes lie over each other, and bodies lie within their loops", () => {
  const nodes = ["a", "b", "c", "loop", "loop.x", "loop.y", "loop.z"];
  const places = placesInLayers(
    graph(nodes, [
      ["a", "loop"],
      ["b", "loop"],
      ["loop.x", "loop.y"],
      ["loop.x", "loop.z"],
    ]),
  );
  const top = ["a", "b", "c", "loop"].map((key) => places.get(key));
  const loop = places.get("loop");
  for (const one of top) {
    for (const other of top) {
      if (!one || !other || one === other) continue;
      const isApart =
        one.x + one.width <= other.x ||
        other.x + other.width <= one.x ||
        one.y + one.height <= other.y ||
        other.y + other.height <= one.y;
      expect(isApart).toBe(true);
    }
  }
  for (const key of ["loop.x", "loop.y", "loop.z"]) {
    const inner = places.get(key);
    expect((inner?.x ?? 0) + (inner?.width ?? 0)).toBeLessThan(loop?.width ?? 0);
    expect((inner?.y ?? 0) + (inner?.height ?? 0)).toBeLessThan(loop?.height ?? 0);
  }
});

test("a cycle is drawn, too", () => {
  expect(
    placesInLayers(
      graph(
        ["a", "b", "c"],
        [
          ["a", "b"],
          ["b", "a"],
          ["b", "c"],
        ],
      ),
    ).size,
  ).toBe(3);
});

test("what is joined is brought together", () => {
  const places = placesInLayers(
    graph(
      ["a", "b", "c", "z", "y", "x"],
      [
        ["a", "x"],
        ["b", "y"],
        ["c", "z"],
      ],
    ),
  );
  const y = (key: string) => places.get(key)?.y;

  expect([y("x"), y("y"), y("z")]).toEqual([y("a"), y("b"), y("c")]);
});

test("five thousand nodes are laid out at once", () => {
  const keys = Array.from({ length: 5_000 }, (_, index) => `n${index}`);
  const edges = keys.flatMap((key, index) =>
    index < 50 ? [] : [[`n${index - 50}`, key] as const, [`n${index - 37}`, key] as const],
  );
  const begun = performance.now();
  const places = placesInLayers(graph(keys, edges));

  expect(places.size).toBe(5_000);
  expect(performance.now() - begun).toBeLessThan(5_000);
});
