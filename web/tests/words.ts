import { test } from "@playwright/test";
import en from "../src/i18n/en.json" with { type: "json" };
import ko from "../src/i18n/ko.json" with { type: "json" };

type Words = Readonly<Record<string, string | number>>;
type Patterns = Readonly<Record<string, string | number | RegExp>>;

/** What the server words itself, in the language that it is asked in. */
const SERVER = {
  en: { skipped: "{{meant}} is skipped that day: fires at {{local}}" },
  ko: { skipped: "{{meant}} 은(는) 그날 건너뛰는 시각입니다: {{local}} 에 실행" },
};
const ENGLISH = texts({ ...en, server: SERVER.en });
const KOREAN = texts({ ...ko, server: SERVER.ko });
const PLACE = /\{\{(\w+)\}\}/;
const OF_ONE = /_one$/;

/**
 * A text of the page in the language that the test runs in. It is named as it is written in the
 * English catalogue, with its places for values, or by its key: where it is long, or where several
 * that are the same in English differ in Korean. Throws for what the page does not say.
 */
export function say(named: string, values?: Words): string;
export function say(named: string, values: Patterns): string | RegExp;
export function say(named: string, values: Patterns = {}): string | RegExp {
  const keys = keysOf(named);
  const [inKorean, ...others] = new Set(keys.map(korean));
  if (inKorean === undefined) throw new Error(`The page does not say "${named}"`);
  if (others.length > 0) throw new Error(`Name "${named}" by one of ${keys.join(", ")}`);
  const isKorean = test.info().project.use.locale === "ko-KR";
  const text = isKorean ? inKorean : (ENGLISH.get(named) ?? named);
  // Where English has a word for one, other languages may have a place for the number.
  const one = keys.every((key) => OF_ONE.test(key)) ? { count: 1, number: 1 } : {};
  return filled(text, { ...one, ...values });
}

/** A pattern with texts of the page in it. */
export function pattern(
  written: TemplateStringsArray,
  ...parts: readonly (string | number | RegExp)[]
): RegExp {
  return new RegExp(String.raw(written, ...parts.map(sourceOf)));
}

function keysOf(named: string): string[] {
  if (ENGLISH.has(named)) return [named];
  return [...ENGLISH].filter(([, text]) => text === named).map(([key]) => key);
}

function korean(key: string): string | undefined {
  return KOREAN.get(key) ?? KOREAN.get(key.replace(OF_ONE, "_other"));
}

function filled(text: string, values: Patterns): string | RegExp {
  const parts = text.split(PLACE).map((part, at) => {
    if (at % 2 === 0) return part;
    const value = values[part];
    if (value === undefined) throw new Error(`"${text}" needs a value for ${part}`);
    return value;
  });
  const isPattern = parts.some((part) => part instanceof RegExp);
  return isPattern ? new RegExp(parts.map(sourceOf).join("")) : parts.join("");
}

function sourceOf(part: string | number | RegExp): string {
  return part instanceof RegExp
    ? `(?:${part.source})`
    : String(part).replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

function texts(catalogue: object, above = ""): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(catalogue).flatMap(([name, value]) =>
      typeof value === "string" ? [[above + name, value]] : [...texts(value, `${above}${name}.`)],
    ),
  );
}
