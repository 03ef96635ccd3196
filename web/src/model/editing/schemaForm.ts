import { parse, stringify } from "yaml";
import { recordOf } from "./draft";

export type FieldKind = "text" | "number" | "boolean" | "choice" | "value";

/** One parameter of a node type, as a form asks for it. */
export interface Field {
  name: string;
  kind: FieldKind;
  description: string;
  isRequired: boolean;
  choices: readonly string[];
  /** What holds where nothing is given, as it would be written. */
  usual: string;
  isWhole: boolean;
  /** Whether it is most often longer than a line. */
  isLong: boolean;
  takesText: boolean;
  takesMapping: boolean;
}

export type Read = { ok: true; value: unknown } | { ok: false };

const LONG = new Set(["command", "statement", "body", "message", "content", "values", "arguments"]);

/** The fields of a node type's JSON schema (2020-12), the required ones first. */
export function fieldsOf(schema: unknown): Field[] {
  const { properties, required } = recordOf(schema) ?? {};
  const needed = new Set(Array.isArray(required) ? required.map(String) : []);
  const fields = Object.entries(recordOf(properties) ?? {}).map(([name, value]) =>
    fieldOf(name, recordOf(value) ?? {}, needed.has(name)),
  );
  return [
    ...fields.filter((each) => each.isRequired),
    ...fields.filter((each) => !each.isRequired),
  ];
}

function fieldOf(name: string, schema: Record<string, unknown>, isRequired: boolean): Field {
  const types = typesOf(schema);
  const choices = Array.isArray(schema.enum) ? schema.enum.map(String) : [];
  const kind = kindOf(types, choices);
  return {
    name,
    kind,
    description: typeof schema.description === "string" ? schema.description : "",
    isRequired,
    choices,
    usual: usualOf(schema.default),
    isWhole: types.has("integer") && !types.has("number"),
    isLong: LONG.has(name) || types.has("object"),
    takesText: types.has("string") || types.size === 0,
    takesMapping: types.has("object"),
  };
}

function typesOf(schema: Record<string, unknown>): Set<string> {
  const own = Array.isArray(schema.type) ? schema.type : [schema.type];
  const others = Array.isArray(schema.anyOf) ? schema.anyOf : [];
  const inner = others.flatMap((each) => [...typesOf(recordOf(each) ?? {})]);
  return new Set([...own.filter((each) => typeof each === "string"), ...inner].map(String));
}

function kindOf(types: ReadonlySet<string>, choices: readonly string[]): FieldKind {
  if (choices.length > 0) return "choice";
  const told = new Set([...types].filter((each) => each !== "null"));
  if (told.size === 1 && told.has("boolean")) return "boolean";
  if (told.size === 1 && told.has("string")) return "text";
  const isNumber = [...told].every((each) => each === "integer" || each === "number");
  return told.size > 0 && isNumber ? "number" : "value";
}

function usualOf(value: unknown): string {
  if (value === undefined || value === null || value === "") return "";
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  return text === "{}" || text === "[]" ? "" : text;
}

export function isTemplate(text: string): boolean {
  return text.includes("{{") || text.includes("{%");
}

/** What stands in a field: text as it is, anything else as YAML. */
export function shownValue(field: Field, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") {
    const isPlain = field.kind !== "value" || isTemplate(value) || readsAsText(field, value);
    return isPlain ? value : JSON.stringify(value);
  }
  if (typeof value === "object" && value !== null) {
    if (!Array.isArray(value) && !field.takesMapping) return JSON.stringify(value);
    return stringify(value, { lineWidth: 0, flowCollectionPadding: false }).trimEnd();
  }
  return String(value);
}

/** The value of what was entered: nothing is no value, and a template is kept as it is. */
export function readValue(field: Field, text: string): Read {
  if (text.trim() === "") return { ok: true, value: undefined };
  if (field.kind === "text" || field.kind === "choice") return { ok: true, value: text };
  if (isTemplate(text) && !looksCollected(field, text)) return { ok: true, value: text };
  if (field.kind === "number") {
    const value = Number(text);
    const fits = Number.isFinite(value) && (!field.isWhole || Number.isInteger(value));
    return fits ? { ok: true, value } : { ok: false };
  }
  if (field.kind === "boolean") {
    if (text === "true" || text === "false") return { ok: true, value: text === "true" };
    return { ok: false };
  }
  return readAnything(field, text);
}

function readAnything(field: Field, text: string): Read {
  if (
    field.takesText &&
    !looksCollected(field, text) &&
    !looksQuoted(text) &&
    !isScalarWord(text)
  ) {
    return { ok: true, value: text };
  }
  try {
    const value: unknown = parse(text);
    return { ok: true, value: value ?? undefined };
  } catch {
    return { ok: false };
  }
}

function readsAsText(field: Field, text: string): boolean {
  const read = readAnything(field, text);
  return read.ok && read.value === text;
}

function looksCollected(field: Field, text: string): boolean {
  if (/^\s*(?:\[|\{(?!\{)|- )/.test(text)) return true;
  return field.takesMapping && !isTemplateAlone(text) && /^\s*[\w"' .-]+:(?:\s|$)/.test(text);
}

function isTemplateAlone(text: string): boolean {
  return /^\s*\{\{/.test(text);
}

function looksQuoted(text: string): boolean {
  return /^\s*(?:"[\s\S]*"|'[\s\S]*')\s*$/.test(text);
}

function isScalarWord(text: string): boolean {
  return /^\s*(?:true|false|null|[-+]?\d[\d_]*(?:\.\d+)?)\s*$/.test(text);
}
