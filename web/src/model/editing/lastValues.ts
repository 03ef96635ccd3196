import { recordOf } from "./draft";

/** What lies in a value at a path of names; undefined where there is nothing. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((found, name) => recordOf(found)?.[name], value);
}
