import { type Document, isMap, parseDocument, type YAMLMap } from "yaml";

/** Where a node stands in a document: `["nodes", "each", "do", "verify"]`. */
export type Path = readonly string[];

const AS_WRITTEN = { lineWidth: 0, flowCollectionPadding: false } as const;
const LOOP = ".";

export function readDocument(text: string): Document {
  return parseDocument(text, { prettyErrors: false, stringKeys: false, uniqueKeys: false });
}

export function isReadable(document: Document): boolean {
  return document.errors.length === 0 && (document.contents === null || isMap(document.contents));
}

/**
 * The text after an edit of what it says. Comments, order and blank lines stay, also where the edit
 * is; a text that cannot be read stays as it is.
 */
export function edited(text: string, edit: (document: Document) => void): string {
  const document = readDocument(text);
  if (!isReadable(document)) return text;
  edit(document);
  return document.toString(AS_WRITTEN);
}

/** Where the nodes of a body are, or those of the graph itself (null). */
export function scopePath(loop: string | null): Path {
  return loop === null ? ["nodes"] : [...nodePath(loop), "do"];
}

/** Where a node is, by its whole key: `each.verify`. */
export function nodePath(key: string): Path {
  return key.split(LOOP).flatMap((part, index) => (index === 0 ? ["nodes", part] : ["do", part]));
}

export function parentOf(key: string): string | null {
  const end = key.lastIndexOf(LOOP);
  return end < 0 ? null : key.slice(0, end);
}

export function nameOf(key: string): string {
  return key.slice(key.lastIndexOf(LOOP) + 1);
}

export function keyIn(loop: string | null, name: string): string {
  return loop === null ? name : `${loop}${LOOP}${name}`;
}

export function mapAt(document: Document, path: Path): YAMLMap | null {
  const found = document.getIn(path, true);
  return isMap(found) ? found : null;
}

/** Set a value, or take it away where it is undefined; mappings that become empty go with it. */
export function put(document: Document, path: Path, value: unknown, isFlow = false): void {
  if (value === undefined) {
    document.deleteIn(path);
    const above = path.slice(0, -1);
    const map = mapAt(document, above);
    if (map && map.items.length === 0 && above.length > 2) document.deleteIn(above);
    return;
  }
  const held = document.getIn(path, true);
  const isScalar = typeof value !== "object" || value === null;
  if (isScalar && isScalarNode(held)) {
    held.value = value;
    if (typeof value !== "string") delete held.type;
    return;
  }
  const node = document.createNode(value);
  if (isFlow && typeof value === "object" && value !== null) {
    (node as unknown as { flow: boolean }).flow = true;
  }
  unfold(document, path.slice(0, -1), value, isFlow);
  document.setIn(path, node);
}

/** A flow mapping takes no block within it: it becomes a block where one is put there. */
function unfold(document: Document, path: Path, value: unknown, isFlow: boolean): void {
  const isBlock = !isFlow && typeof value === "object" && value !== null;
  if (!isBlock && !(typeof value === "string" && value.includes("\n"))) return;
  for (let length = 1; length <= path.length; length += 1) {
    const map = mapAt(document, path.slice(0, length));
    if (map?.flow) map.flow = false;
  }
}

interface ScalarNode {
  value: unknown;
  type?: string;
}

function isScalarNode(node: unknown): node is ScalarNode {
  return typeof node === "object" && node !== null && "value" in node && !("items" in node);
}
