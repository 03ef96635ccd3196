import { expect, test } from "vitest";
import {
  enteredValue,
  type InputField,
  inputFields,
  inputsOf,
  textOf,
  wrongFields,
} from "./inputForm";
import { changesOf, parseObject, pretty } from "./jsonText";
import { isShortcut, isTyping } from "./keys";
import { executionsIn, topicsOf } from "./news";
import { DEFAULTS, languageFor, preferencesOf } from "./preferences";
import { mayAct, mayCancel, mayDelete, mayRerun } from "./rights";

const press = (key: string, more = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});

test("a shortcut is its key, with its modifier or without any", () => {
  expect(isShortcut(press("j"), "j")).toBe(true);
  expect(isShortcut(press("j", { ctrlKey: true }), "j")).toBe(false);
  expect(isShortcut(press("k", { metaKey: true }), "mod+k")).toBe(true);
  expect(isShortcut(press("k"), "mod+k")).toBe(false);
  expect(isShortcut(press("j", { altKey: true }), "j")).toBe(false);
});

test("nobody means a shortcut while typing", () => {
  expect(isTyping({ tagName: "INPUT", type: "text" })).toBe(true);
  expect(isTyping({ tagName: "INPUT", type: "checkbox" })).toBe(false);
  expect(isTyping({ tagName: "TEXTAREA" })).toBe(true);
  expect(isTyping({ tagName: "DIV", isContentEditable: true })).toBe(true);
  expect(isTyping({ tagName: "BODY" })).toBe(false);
});

test("kept preferences are taken as far as they make sense", () => {
  expect(preferencesOf(null)).toEqual(DEFAULTS);
  expect(preferencesOf("no JSON")).toEqual(DEFAULTS);
  expect(preferencesOf('{"language":"ko","zone":"Asia/Seoul","interval":15}')).toEqual({
    language: "ko",
    zone: "Asia/Seoul",
    interval: 15,
  });
  expect(preferencesOf('{"language":"fr","zone":"Mars","interval":3}')).toEqual(DEFAULTS);
});

test("the browser's language decides until one is chosen", () => {
  expect(languageFor(null, ["fr-FR", "ko-KR", "en"])).toBe("ko");
  expect(languageFor("en", ["ko"])).toBe("en");
  expect(languageFor(null, ["fr"])).toBe("en");
});

test("rights say why not", () => {
  const running = { status: "running", isOwn: true } as const;
  const failed = { status: "failed", isOwn: true } as const;

  expect(mayAct("admin", "operator")).toBe(true);
  expect(mayCancel("viewer", running)).toBe("role");
  expect(mayCancel("operator", running)).toBeNull();
  expect(mayCancel("operator", failed)).toBe("settled");
  expect(mayCancel("operator", { ...running, isOwn: false })).toBe("foreign");
  expect(mayRerun("viewer", failed)).toBe("role");
  expect(mayRerun("operator", running)).toBe("unsettled");
  expect(mayRerun("operator", failed)).toBeNull();
  expect(mayRerun("operator", { ...failed, isOwn: false })).toBe("foreign");
  expect(mayDelete("operator", failed)).toBe("role");
  expect(mayDelete("admin", running)).toBe("unsettled");
  expect(mayDelete("admin", { status: "lost", isOwn: false })).toBeNull();
});

test("news name the topics and the executions that they are about", () => {
  const items = [
    { type: "execution.completed", at: "", execution_id: "1" },
    { type: "batch.settled", at: "" },
    { type: "workflow.switched", at: "" },
    { type: "schedule.paused", at: "" },
    { type: "of a newer server", at: "" },
  ];

  expect([...topicsOf(items, false)]).toEqual(["executions", "batches", "workflows", "schedules"]);
  expect(topicsOf([], true).size).toBe(4);
  expect([...executionsIn(items)]).toEqual(["1"]);
});

test("a text becomes an object, or says in which line it is none", () => {
  expect(parseObject(" ")).toEqual({ ok: true, value: {} });
  expect(parseObject('{"a": 1}')).toEqual({ ok: true, value: { a: 1 } });
  expect(parseObject("[1]")).toEqual({ ok: false, line: 1 });
  expect(parseObject('{\n  "a": 1,\n  b\n}')).toEqual({ ok: false, line: 3 });
  expect(pretty({ a: 1 })).toBe('{\n  "a": 1\n}');
  expect(pretty(undefined)).toBe("");
});

test("only what was changed is told to a rerun", () => {
  expect(changesOf({ a: 1, b: [1] }, { a: 1, b: [2], c: null })).toEqual({ b: [2], c: null });
});

const FIELDS = inputFields(
  {
    inputs: {
      day: { type: "string" },
      rows: { type: "integer", default: 5, description: "How many." },
      mode: { type: "string", choices: ["quick", "whole"], default: "quick" },
      paths: { type: "list", default: [] },
      extra: null,
    },
  },
  { rows: 7 },
);

test("a form is made from the inputs, with the last values", () => {
  expect(FIELDS.map((field) => [field.name, field.type, field.isRequired, textOf(field)])).toEqual([
    ["day", "string", true, ""],
    ["rows", "integer", false, "7"],
    ["mode", "string", false, "quick"],
    ["paths", "list", false, "[]"],
    ["extra", "any", true, ""],
  ]);
  expect(inputFields(null, null)).toEqual([]);
});

test("entries become values of their type, or are wrong", () => {
  const field = (type: InputField["type"]): InputField => ({
    name: "x",
    type,
    description: null,
    isRequired: false,
    choices: null,
    initial: null,
  });
  expect(enteredValue(field("integer"), "1.5")).toEqual({ ok: false });
  expect(enteredValue(field("number"), "1.5")).toEqual({ ok: true, value: 1.5 });
  expect(enteredValue(field("number"), "")).toEqual({ ok: true, value: undefined });
  expect(enteredValue(field("boolean"), "true")).toEqual({ ok: true, value: true });
  expect(enteredValue(field("list"), "{}")).toEqual({ ok: false });
  expect(enteredValue(field("object"), '{"a":1}')).toEqual({ ok: true, value: { a: 1 } });
  expect(enteredValue(field("object"), "{")).toEqual({ ok: false });
  expect(enteredValue(field("any"), "free text")).toEqual({ ok: true, value: "free text" });
  expect(enteredValue(field("any"), "3")).toEqual({ ok: true, value: 3 });
});

test("what is missing or wrong is named, and the rest is sent", () => {
  const texts = { day: "", rows: "x", mode: "whole", paths: "[1]", extra: "" };

  expect([...wrongFields(FIELDS, texts)]).toEqual(["day", "rows", "extra"]);
  expect(inputsOf(FIELDS, { ...texts, rows: "3" })).toEqual({
    rows: 3,
    mode: "whole",
    paths: [1],
  });
});
