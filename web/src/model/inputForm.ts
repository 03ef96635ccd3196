export const INPUT_TYPES = [
  "string",
  "integer",
  "number",
  "boolean",
  "list",
  "object",
  "any",
] as const;
export type InputType = (typeof INPUT_TYPES)[number];

/** One input of a workflow, as a form asks for it. */
export interface InputField {
  name: string;
  type: InputType;
  description: string | null;
  isRequired: boolean;
  choices: readonly string[] | null;
  initial: unknown;
}

/** The inputs that a definition in canonical form declares, with the values of the last run. */
export function inputFields(definition: unknown, last: unknown): InputField[] {
  const inputs = recordOf(recordOf(definition)?.inputs) ?? {};
  const values = recordOf(last) ?? {};
  return Object.entries(inputs).map(([name, declared]) => {
    const spec = recordOf(declared) ?? {};
    const choices = Array.isArray(spec.choices) ? spec.choices.map(String) : null;
    const hasDefault = "default" in spec;
    return {
      name,
      type: INPUT_TYPES.find((each) => each === spec.type) ?? "any",
      description: typeof spec.description === "string" ? spec.description : null,
      isRequired: !hasDefault,
      choices,
      initial: name in values ? values[name] : hasDefault ? spec.default : null,
    };
  });
}

/** What stands in a field at first: text as it is, anything else as JSON. */
export function textOf(field: InputField): string {
  if (field.initial === null || field.initial === undefined) return "";
  return isText(field.type) && typeof field.initial === "string"
    ? field.initial
    : JSON.stringify(field.initial);
}

export type Entered = { ok: true; value: unknown } | { ok: false };

/** The value of what somebody entered; nothing entered is no value. */
export function enteredValue(field: InputField, text: string): Entered {
  if (field.type === "string") return { ok: true, value: text };
  if (text.trim() === "") return { ok: true, value: undefined };
  if (field.type === "integer" || field.type === "number") {
    const value = Number(text);
    const fits = Number.isFinite(value) && (field.type === "number" || Number.isInteger(value));
    return fits ? { ok: true, value } : { ok: false };
  }
  if (field.type === "boolean") return { ok: true, value: text === "true" };
  try {
    const value: unknown = JSON.parse(text);
    const fits = field.type === "any" || (field.type === "list") === Array.isArray(value);
    return fits ? { ok: true, value } : { ok: false };
  } catch {
    return field.type === "any" ? { ok: true, value: text } : { ok: false };
  }
}

/** The names whose entries cannot be, or are needed and missing. */
export function wrongFields(
  fields: readonly InputField[],
  texts: Readonly<Record<string, string>>,
): Set<string> {
  const wrong = fields.filter((field) => {
    const text = texts[field.name] ?? "";
    return !enteredValue(field, text).ok || (field.isRequired && text.trim() === "");
  });
  return new Set(wrong.map((field) => field.name));
}

/** All that was entered, as the inputs of an execution. */
export function inputsOf(
  fields: readonly InputField[],
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const inputs: Record<string, unknown> = {};
  for (const field of fields) {
    const entered = enteredValue(field, texts[field.name] ?? "");
    const isUntouched = field.type === "string" && !texts[field.name] && field.initial === null;
    if (entered.ok && entered.value !== undefined && !isUntouched) {
      inputs[field.name] = entered.value;
    }
  }
  return inputs;
}

function isText(type: InputType): boolean {
  return type === "string" || type === "any";
}

function recordOf(value: unknown): Record<string, unknown> | null {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}
