import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import en from "./en.json";
import ko from "./ko.json";

const SOURCES = join(import.meta.dirname, "..");
const COLOUR = /#[0-9a-f]{3,8}\b|\b(?:rgb|rgba|hsl|hsla|oklch)\(/i;
const PLURAL = /_(one|other)$/;

function texts(catalogue: object, above = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(catalogue)) {
    const key = above === "" ? name : `${above}.${name}`;
    if (typeof value === "string") found.set(key, value);
    else for (const [below, text] of texts(value, key)) found.set(below, text);
  }
  return found;
}

function meanings(catalogue: object): string[] {
  return [...new Set([...texts(catalogue).keys()].map((key) => key.replace(PLURAL, "")))].sort();
}

function places(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((found) => found[1] ?? "").sort();
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

test("both catalogues say the same things", () => {
  expect(meanings(ko)).toEqual(meanings(en));
});

test("each text leaves room for the same values in both languages", () => {
  const english = texts(en);
  const wrong = [...texts(ko)].filter(([key, text]) => {
    const other = english.get(key);
    return other !== undefined && `${places(text)}` !== `${places(other)}`;
  });

  expect(wrong).toEqual([]);
});

test("English has a word for one wherever it has one for many", () => {
  const keys = texts(en);
  const alone = [...keys.keys()].filter(
    (key) => key.endsWith("_other") && !keys.has(key.replace("_other", "_one")),
  );

  expect(alone).toEqual([]);
});

test("no text is empty, and Korean is Korean", () => {
  const same = new Set([
    "brand",
    "units.ms",
    "zone.utc",
    "settings.languages.en",
    "kind.celery",
    "nav.celery",
  ]);
  const untranslated = [...texts(ko)].filter(
    ([key, text]) =>
      text.trim() === "" ||
      (text === texts(en).get(key) &&
        !same.has(key) &&
        /[a-z]{2}/i.test(text.replaceAll(/\{\{\w+\}\}/g, ""))),
  );

  expect(untranslated.filter(([key]) => key !== "settings.languages.ko")).toEqual([]);
});

test("every text is used", () => {
  const source = files(SOURCES)
    .filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
  const isUsed = (key: string): boolean => {
    const parts = key.split(".");
    // A part may be filled in: t(`status.${status}`).
    const patterns = parts.map((_, index) => [
      ...parts.slice(0, index),
      "${",
      ...parts.slice(index + 1),
    ]);
    return (
      source.includes(`"${key}"`) ||
      patterns.some(([...pieces]) => {
        const at = pieces.indexOf("${");
        const before = pieces.slice(0, at).join(".");
        const after = pieces.slice(at + 1).join(".");
        return (
          source.includes(`\`${before}.\${`) && (after === "" || source.includes(`}.${after}\``))
        );
      })
    );
  };

  expect(meanings(en).filter((key) => !isUsed(key))).toEqual([]);
});

test("colours stand in the theme alone", () => {
  const coloured = files(SOURCES)
    .filter((path) => /\.(tsx?|css)$/.test(path))
    .filter((path) => !path.includes("/theme/") && !path.endsWith(".test.ts"))
    .filter((path) => COLOUR.test(readFileSync(path, "utf8")));

  expect(coloured).toEqual([]);
});
