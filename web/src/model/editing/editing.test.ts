import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edited } from "./documents";
import { draftOf, freeKey, graphOfDraft } from "./draft";
import {
  addNode,
  connect,
  copyNodes,
  disconnect,
  forgetPositions,
  moveNodes,
  pasteNodes,
  removeNodes,
  renameNode,
  reroute,
  setInNode,
  setInWorkflow,
} from "./edits";
import { readNeeds, writeNeeds } from "./needs";

const AUDIT = readFileSync(
  join(import.meta.dirname, "../../../../examples/environment_audit/audit.yaml"),
  "utf8",
);

const TEXT = `# what it is for
workflow: letters

nodes:
  # from the archive
  fetch:
    type: shell
    with: {command: "echo {{ inputs.day }}"}

  parse:
    needs: fetch
    type: python
    with:
      function: steps.py:parse # ours
      arguments: {text: "{{ nodes.fetch.output.stdout }}"}

  each:
    needs: parse
    type: for_each
    with: {items: "{{ nodes.parse.output }}"}
    do:
      send: {type: shell, with: {command: "send {{ nodes.fetch.output }}"}}
`;

const edges = (text: string) => graphOfDraft(draftOf(text)).edges.map((each) => each.id);

test("needs are read in all of their forms", () => {
  expect(readNeeds("a")).toEqual([{ node: "a", outcome: "success" }]);
  expect(readNeeds(["a", { b: "failure" }])).toEqual([
    { node: "a", outcome: "success" },
    { node: "b", outcome: "failure" },
  ]);
  expect(readNeeds({ a: [true, "always"] })).toEqual([
    { node: "a", outcome: "true" },
    { node: "a", outcome: "always" },
  ]);
  expect(readNeeds(null)).toEqual([]);
});

test("needs are written in the shortest form that reads back to the same", () => {
  for (const written of ["a", ["a", "b"], { a: false }, ["a", { b: ["success", "failure"] }]]) {
    expect(writeNeeds(readNeeds(written))).toEqual(written);
  }
  expect(writeNeeds([])).toBeUndefined();
});

test("an edit that changes nothing changes nothing", () => {
  expect(edited(TEXT, () => undefined)).toBe(TEXT);
  // A comment right behind a key is the one thing that moves.
  expect(edited(AUDIT, () => undefined).split("\n").length - AUDIT.split("\n").length).toBe(1);
});

test("a text that cannot be read stays as it is", () => {
  const broken = "nodes: {a: [";

  expect(draftOf(broken).isReadable).toBe(false);
  expect(connect(broken, "a", "b", "success")).toBe(broken);
});

test("a draft knows nodes of bodies by their whole keys", () => {
  const draft = draftOf(TEXT);

  expect(draft.name).toBe("letters");
  expect(draft.nodes.map((each) => each.key)).toEqual(["fetch", "parse", "each", "each.send"]);
  expect(draft.byKey.get("each.send")?.parent).toBe("each");
  expect(edges(TEXT)).toEqual(["fetch→parse:success", "parse→each:success"]);
});

test("a node is added under a free name, with its edges and its place", () => {
  const first = addNode(TEXT, {
    type: "shell",
    loop: null,
    needs: [{ node: "each", outcome: "always" }],
    position: { x: 10.4, y: 20 },
    hasBody: false,
  });
  const second = addNode(first.text, {
    type: "shell",
    loop: "each",
    needs: [],
    position: null,
    hasBody: false,
  });

  expect([first.key, second.key]).toEqual(["shell", "each.shell"]);
  expect(first.text).toBe(
    `${TEXT}\n  shell:\n    needs: {each: always}\n    type: shell\n    position: {x: 10, y: 20}\n`,
  );
  expect(draftOf(second.text).byKey.get("each.shell")?.type).toBe("shell");
});

test("the first node of a graph and of a body finds room", () => {
  const { text } = addNode("workflow: bare\n", {
    type: "for_each",
    loop: null,
    needs: [],
    position: null,
    hasBody: true,
  });
  const inner = addNode(text, {
    type: "set",
    loop: "for_each",
    needs: [],
    position: null,
    hasBody: false,
  });

  expect(draftOf(inner.text).nodes.map((each) => each.key)).toEqual(["for_each", "for_each.set"]);
});

test("what is removed is waited for no longer", () => {
  const text = removeNodes(TEXT, new Set(["fetch"]));

  expect(draftOf(text).nodes.map((each) => each.key)).toEqual(["parse", "each", "each.send"]);
  expect(edges(text)).toEqual(["parse→each:success"]);
  expect(text).toContain("# ours");
});

test("edges are drawn, rerouted and taken away, in place", () => {
  const drawn = connect(TEXT, "fetch", "each", "failure");
  const again = connect(drawn, "fetch", "each", "failure");
  const other = reroute(drawn, { from: "fetch", to: "each", outcome: "failure" }, "always");
  const gone = disconnect(other, [
    { from: "fetch", to: "each", outcome: "always" },
    { from: "parse", to: "each", outcome: "success" },
  ]);

  expect(drawn).toBe(TEXT.replace("needs: parse", "needs: [parse, {fetch: failure}]"));
  expect(again).toBe(drawn);
  expect(edges(other)).toContain("fetch→each:always");
  expect(gone).toBe(TEXT.replace("    needs: parse\n", ""));
});

test("a new edge stands before all else, and none joins a body to what is outside", () => {
  const text = connect(
    disconnect(TEXT, [{ from: "fetch", to: "parse", outcome: "success" }]),
    "fetch",
    "parse",
    "success",
  );

  expect(text).toBe(TEXT);
  expect(connect(TEXT, "fetch", "each.send", "success")).toBe(TEXT);
});

test("a parameter is set and taken away where it stands", () => {
  const set = setInNode(TEXT, "parse", ["with", "function"], "other.py:parse");
  const gone = setInNode(set, "each.send", ["with", "command"], undefined);
  const list = setInNode(TEXT, "fetch", ["with", "command"], ["echo", 1]);

  expect(set).toBe(TEXT.replace("steps.py:parse", "other.py:parse"));
  expect(draftOf(gone).byKey.get("each.send")?.written).toEqual({ type: "shell" });
  expect(draftOf(list).byKey.get("fetch")?.written.with).toEqual({ command: ["echo", 1] });
  expect(
    draftOf(setInNode(TEXT, "fetch", ["timeout"], "5s")).byKey.get("fetch")?.written.timeout,
  ).toBe("5s");
  expect(setInWorkflow(TEXT, ["description"], "All of them.")).toContain(
    "description: All of them.",
  );
});

test("text of several lines finds room in what stood on one line", () => {
  const text = setInNode(TEXT, "fetch", ["with", "command"], "one\ntwo: 2\n");

  expect(draftOf(text).byKey.get("fetch")?.written.with).toEqual({ command: "one\ntwo: 2\n" });
});

test("a node is called otherwise everywhere, and not where another is meant", () => {
  const text = renameNode(TEXT, "fetch", "load");

  expect(text).toContain("needs: load");
  expect(text).toContain("{{ nodes.load.output.stdout }}");
  expect(text).toContain("send {{ nodes.load.output }}");
  expect(text).toContain("  # from the archive\n  load:");
  expect(renameNode(TEXT, "fetch", "parse")).toBe(TEXT);
});

test("places are kept and forgotten", () => {
  const moved = moveNodes(TEXT, new Map([["fetch", { x: 1.2, y: -3 }]]));

  expect(draftOf(moved).byKey.get("fetch")?.position).toEqual({ x: 1, y: -3 });
  expect(forgetPositions(moved)).toBe(TEXT);
});

test("copied nodes are pasted under free names, joined as they were", () => {
  const copied = copyNodes(draftOf(TEXT), new Set(["parse", "each", "each.send"]));
  const pasted = pasteNodes(TEXT, copied, null);

  expect(pasted.keys).toEqual(["parse_2", "each_2"]);
  expect(edges(pasted.text)).toContain("parse_2→each_2:success");
  expect(edges(pasted.text)).not.toContain("fetch→parse_2:success");
  expect(draftOf(pasted.text).byKey.has("each_2.send")).toBe(true);
  expect(pasteNodes(TEXT, "just words", null)).toEqual({ text: TEXT, keys: [] });
});

test("a free name counts on from a number", () => {
  expect(freeKey(new Set(["set", "set_2"]), "set_2")).toBe("set_3");
  expect(freeKey(new Set(), "set")).toBe("set");
});
