import { expect, test } from "vitest";
import { draftOf } from "./draft";
import { expressionsFor, nodesBefore } from "./expressions";
import { begun, changedTo, redone, replacement, undone } from "./history";
import { valueAt } from "./lastValues";
import { nextOutcome, outcomesOf } from "./outcomes";
import { byNode, cycleOf, edgesOnCycles, placeOf } from "./problems";
import { type Field, fieldsOf, readValue, shownValue } from "./schemaForm";

const SCHEMA = {
  properties: {
    grace: { anyOf: [{ type: ["number", "string"], format: "span" }, { type: "null" }] },
    command: {
      description: "What runs.",
      anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
    },
    shell: { type: "string", default: "/bin/sh" },
    capture: { enum: ["json", "text"], default: "text" },
    log: { type: "boolean", default: true },
    max: { type: "integer", default: 5 },
    env: { type: "object", default: {} },
    if: {},
  },
  required: ["command"],
};
const fields = new Map(fieldsOf(SCHEMA).map((each) => [each.name, each]));
const field = (name: string): Field => fields.get(name) as Field;

test("a schema becomes fields, what is required first", () => {
  expect([...fields.keys()][0]).toBe("command");
  expect([...fields.values()].map((each) => [each.name, each.kind])).toEqual([
    ["command", "value"],
    ["grace", "value"],
    ["shell", "text"],
    ["capture", "choice"],
    ["log", "boolean"],
    ["max", "number"],
    ["env", "value"],
    ["if", "value"],
  ]);
  expect([field("shell").usual, field("log").usual, field("env").usual]).toEqual([
    "/bin/sh",
    "true",
    "",
  ]);
});

test.each([
  ["command", "echo a: b", "echo a: b"],
  ["command", '["echo", "a"]', ["echo", "a"]],
  ["command", "- echo\n- a", ["echo", "a"]],
  ["shell", "5", "5"],
  ["max", "7", 7],
  ["max", "{{ inputs.n }}", "{{ inputs.n }}"],
  ["log", "false", false],
  ["env", 'A: "{{ inputs.a }}"', { A: "{{ inputs.a }}" }],
  ["if", "{{ a > 1 }}", "{{ a > 1 }}"],
  ["if", "true", true],
  ["if", '"true"', "true"],
  ["grace", "30s", "30s"],
  ["grace", "30", 30],
])("%s: %s is read, and shown again", (name, text, value) => {
  const read = readValue(field(name), text);

  expect(read).toEqual({ ok: true, value });
  expect(readValue(field(name), shownValue(field(name), value))).toEqual(read);
});

test("what cannot be is refused, and nothing is no value", () => {
  expect(readValue(field("max"), "1.5").ok).toBe(false);
  expect(readValue(field("log"), "maybe").ok).toBe(false);
  expect(readValue(field("env"), "{a: [").ok).toBe(false);
  expect(readValue(field("command"), " ")).toEqual({ ok: true, value: undefined });
});

test("changes are undone one by one, what was typed in one go at once", () => {
  let history = begun("a");
  history = changedTo(history, "ab", "typing", 0);
  history = changedTo(history, "abc", "typing", 100);
  history = changedTo(history, "abcd", "typing", 5_000);
  history = changedTo(history, "x", "", 5_001);

  expect(undone(history).present).toBe("abcd");
  expect(undone(undone(history)).present).toBe("abc");
  expect(undone(undone(undone(history))).present).toBe("a");
  expect(redone(undone(history)).present).toBe("x");
  expect(undone(begun("a")).present).toBe("a");
  expect(redone(history)).toBe(history);
});

test("two texts differ in one piece", () => {
  expect(replacement("a\nb\nc", "a\nX\nc")).toEqual({ from: 2, to: 3, insert: "X" });
  expect(replacement("aa", "aaa")).toEqual({ from: 2, to: 2, insert: "a" });
  expect(replacement("a", "a")).toBeNull();
});

const CYCLE = {
  code: "CYCLE_DETECTED",
  message: "",
  node: "e.p",
  line: 2,
  column: 3,
  cycle_path: ["p", "q", "p"],
};

test("a problem has a place, also behind characters of two units", () => {
  const text = 'a: 1\n"😀": wrong, x\n';

  expect(placeOf(text, { code: "", message: "", line: 2, column: 6 })).toEqual({
    from: 11,
    to: 16,
  });
  expect(placeOf(text, { code: "", message: "", line: 99 })).toEqual({ from: 20, to: 20 });
  expect(placeOf("", { code: "", message: "" })).toEqual({ from: 0, to: 0 });
});

test("a cycle is marked on its nodes and edges", () => {
  const edges = [
    { from: "e.p", to: "e.q", outcome: "success" },
    { from: "e.q", to: "e.p", outcome: "always" },
    { from: "e.q", to: "e.r", outcome: "success" },
  ];

  expect(cycleOf(CYCLE)).toEqual(["e.p", "e.q", "e.p"]);
  expect([...byNode([CYCLE]).keys()]).toEqual(["e.p", "e.q"]);
  expect([...edgesOnCycles([CYCLE], edges)]).toEqual(["e.p→e.q:success", "e.q→e.p:always"]);
});

const DRAFT = draftOf(`
workflow: x
inputs: {day: string}
variables: {root: /data}
nodes:
  a: {type: condition, with: {if: true}}
  b: {needs: {a: true}, type: switch, with: {value: 1, cases: {low: 1, high: 2}}}
  each:
    needs: b
    type: for_each
    do:
      one: {type: set}
      two: {needs: one, type: approval, with: {on_reject: branch}}
`);

test("a node reads what comes before it, and what its turn gives", () => {
  expect(nodesBefore(DRAFT, "each.two")).toEqual(["each.one", "b", "a"]);
  expect(expressionsFor(DRAFT, "each.two").map((each) => each.text)).toEqual([
    "item",
    "index",
    "nodes.one.output",
    "nodes.b.output",
    "nodes.a.output",
    "inputs.day",
    "variables.root",
  ]);
  expect(expressionsFor(DRAFT, null)).toHaveLength(7);
});

test("edges wait for branches where there are any", () => {
  expect(outcomesOf(DRAFT.byKey.get("a")).slice(0, 2)).toEqual(["true", "false"]);
  expect(outcomesOf(DRAFT.byKey.get("b")).slice(0, 3)).toEqual(["low", "high", "default"]);
  expect(outcomesOf(DRAFT.byKey.get("each.two")).slice(0, 2)).toEqual(["approved", "rejected"]);
  expect(outcomesOf(undefined)).toEqual(["success", "failure", "always"]);
  expect(nextOutcome(DRAFT.byKey.get("a"), new Set(["true"]))).toBe("false");
  expect(nextOutcome(DRAFT.byKey.get("each"), new Set())).toBe("success");
});

test("a value is found at a path, or is not there", () => {
  expect(valueAt({ a: { b: [1] } }, ["a", "b"])).toEqual([1]);
  expect(valueAt({ a: 1 }, ["a", "b"])).toBeUndefined();
});
