import { type Document, isCollection, isMap, isScalar, visit } from "yaml";
import {
  edited,
  keyIn,
  mapAt,
  nameOf,
  nodePath,
  parentOf,
  put,
  readDocument,
  scopePath,
} from "./documents";
import { type Draft, draftOf, freeKey, namesIn, recordOf } from "./draft";
import { type Need, readNeeds, sameNeed, writeNeeds } from "./needs";

export interface NewNode {
  type: string;
  /** The loop into whose body it goes; null: into the graph itself. */
  loop: string | null;
  needs: readonly Need[];
  position: { x: number; y: number } | null;
  hasBody: boolean;
}

/** Add a node; answers its whole key. Its name is its type, with a number where that is taken. */
export function addNode(text: string, node: NewNode): { text: string; key: string } {
  const name = freeKey(namesIn(draftOf(text), node.loop), node.type.replaceAll(/[^\w-]/g, "_"));
  const written = {
    ...(node.needs.length > 0 ? { needs: writeNeeds(node.needs) } : {}),
    type: node.type,
    ...(node.hasBody ? { do: {} } : {}),
  };
  const key = keyIn(node.loop, name);
  const added = edited(text, (document) => {
    insert(document, node.loop, name, written);
    if (node.position) place(document, key, node.position);
  });
  return { text: added, key };
}

/** Remove nodes, and whatever waits for them waits no longer. */
export function removeNodes(text: string, keys: ReadonlySet<string>): string {
  return edited(text, (document) => {
    for (const node of draftOf(text).nodes) {
      if (keys.has(node.key)) continue;
      const kept = node.needs.filter((need) => !keys.has(keyIn(node.parent, need.node)));
      if (kept.length !== node.needs.length) setNeeds(document, node.key, kept);
    }
    for (const key of keys) document.deleteIn(nodePath(key));
  });
}

/** Let `to` wait for an outcome of `from`; both lie in the same body. */
export function connect(text: string, from: string, to: string, outcome: string): string {
  if (parentOf(from) !== parentOf(to)) return text;
  return edited(text, (document) => {
    const needs = needsOf(document, to);
    const need = { node: nameOf(from), outcome };
    if (!needs.some((each) => sameNeed(each, need))) setNeeds(document, to, [...needs, need]);
  });
}

export interface Edge {
  from: string;
  to: string;
  outcome: string;
}

export function disconnect(text: string, edges: readonly Edge[]): string {
  return edited(text, (document) => {
    for (const { from, to, outcome } of edges) {
      const gone = { node: nameOf(from), outcome };
      const needs = needsOf(document, to).filter((each) => !sameNeed(each, gone));
      setNeeds(document, to, needs);
    }
  });
}

/** Give an edge another outcome. */
export function reroute(text: string, edge: Edge, outcome: string): string {
  const was = { node: nameOf(edge.from), outcome: edge.outcome };
  return edited(text, (document) => {
    const needs = needsOf(document, edge.to).map((each) =>
      sameNeed(each, was) ? { ...each, outcome } : each,
    );
    const distinct = needs.filter(
      (each, index) => needs.findIndex((other) => sameNeed(each, other)) === index,
    );
    setNeeds(document, edge.to, distinct);
  });
}

/** Set something of a node (`["with", "command"]`), or take it away: undefined. */
export function setInNode(
  text: string,
  key: string,
  path: readonly string[],
  value: unknown,
): string {
  return edited(text, (document) => put(document, [...nodePath(key), ...path], value));
}

/** Set something of the workflow itself, or take it away: undefined. */
export function setInWorkflow(text: string, path: readonly string[], value: unknown): string {
  return edited(text, (document) => put(document, path, value));
}

/** Put nodes where they were dragged to; positions are whole numbers. */
export function moveNodes(
  text: string,
  places: ReadonlyMap<string, { x: number; y: number }>,
): string {
  return edited(text, (document) => {
    for (const [key, position] of places) place(document, key, position);
  });
}

/** Forget where nodes were dragged to: they are laid out anew. */
export function forgetPositions(text: string): string {
  return edited(text, (document) => {
    for (const node of draftOf(text).nodes) document.deleteIn([...node.path, "position"]);
  });
}

/** Call a node otherwise: its key, the edges to it, and the templates that read it. */
export function renameNode(text: string, key: string, name: string): string {
  const old = nameOf(key);
  const loop = parentOf(key);
  if (name === old || namesIn(draftOf(text), loop).has(name)) return text;
  const read = new RegExp(`(?<![\\w.])nodes\\.${escaped(old)}(?![\\w-])`, "g");
  return edited(text, (document) => {
    for (const node of draftOf(text).nodes) {
      if (node.parent !== loop || !node.needs.some((need) => need.node === old)) continue;
      const needs = node.needs.map((need) => (need.node === old ? { ...need, node: name } : need));
      setNeeds(document, node.key, needs);
    }
    const scope = loop === null ? document.contents : mapAt(document, scopePath(loop));
    const pair = mapAt(document, scopePath(loop))?.items.find((each) => keyText(each.key) === old);
    if (pair) {
      if (isScalar(pair.key)) pair.key.value = name;
      else pair.key = document.createNode(name);
    }
    visit(scope, {
      Scalar(_, scalar) {
        if (typeof scalar.value !== "string" || !scalar.value.includes("{{")) return;
        scalar.value = scalar.value.replaceAll(read, `nodes.${name}`);
      },
    });
  });
}

/** Nodes as a text that can be pasted, here or elsewhere. */
export function copyNodes(draft: Draft, keys: ReadonlySet<string>): string {
  const nodes: Record<string, unknown> = {};
  for (const node of draft.nodes) {
    if (keys.has(node.key) && !hasAncestor(node.key, keys)) nodes[node.name] = node.written;
  }
  const document = readDocument("");
  document.contents = document.createNode({ nodes });
  return document.toString({ lineWidth: 0 });
}

/**
 * Add copied nodes under names that are free, a little aside; edges among them stay, others go.
 * Answers their keys; none where the text holds no nodes.
 */
export function pasteNodes(
  text: string,
  copied: string,
  loop: string | null,
): { text: string; keys: string[] } {
  const pasted = draftOf(copied).nodes.filter((node) => node.parent === null);
  if (pasted.length === 0 || !draftOf(text).isReadable) return { text, keys: [] };
  const taken = namesIn(draftOf(text), loop);
  const names = new Map<string, string>();
  for (const node of pasted) {
    const name = freeKey(taken, node.name);
    taken.add(name);
    names.set(node.name, name);
  }
  const keys = pasted.map((node) => keyIn(loop, names.get(node.name) ?? node.name));
  const next = edited(text, (document) => {
    for (const node of pasted) {
      const needs = node.needs.flatMap((need) => {
        const name = names.get(need.node);
        return name === undefined ? [] : [{ ...need, node: name }];
      });
      const { needs: _, position, ...rest } = node.written;
      const at = recordOf(position);
      const written = {
        ...(needs.length > 0 ? { needs: writeNeeds(needs) } : {}),
        ...rest,
        ...(at ? { position: { x: Number(at.x) + ASIDE, y: Number(at.y) + ASIDE } } : {}),
      };
      insert(document, loop, names.get(node.name) ?? node.name, written);
    }
  });
  return { text: next, keys };
}

const ASIDE = 40;

/** Put a node behind the others of its scope, apart from them as they are. */
function insert(document: Document, loop: string | null, name: string, written: object): void {
  const scope = scopePath(loop);
  const made = document.createPair(name, written);
  const needs = isMap(made.value) ? made.value.get("needs", true) : null;
  if (isCollection(needs)) needs.flow = true;
  const held = mapAt(document, scope);
  if (held === null || held.items.length === 0) {
    put(document, scope, {});
    mapAt(document, scope)?.add(made);
    return;
  }
  held.flow = false;
  if (held.items.length > 1 && hasSpaceBefore(held.items.at(-1)?.key)) {
    (made.key as { spaceBefore?: boolean }).spaceBefore = true;
  }
  held.add(made);
}

function hasSpaceBefore(key: unknown): boolean {
  return isScalar(key) && key.spaceBefore === true;
}

function needsOf(document: Document, key: string): Need[] {
  const written = document.getIn([...nodePath(key), "needs"], true) as
    | { toJS?: (document: Document) => unknown }
    | undefined;
  return readNeeds(written?.toJS?.(document));
}

function setNeeds(document: Document, key: string, needs: readonly Need[]): void {
  const path = [...nodePath(key), "needs"];
  const written = writeNeeds(needs);
  const isNew = !document.hasIn(path) && written !== undefined;
  put(document, path, written, true);
  const node = mapAt(document, nodePath(key));
  const made = node?.items.at(-1);
  if (isNew && node && made) node.items = [made, ...node.items.slice(0, -1)];
}

function place(document: Document, key: string, { x, y }: { x: number; y: number }): void {
  const position = { x: Math.round(x), y: Math.round(y) };
  put(document, [...nodePath(key), "position"], position, true);
}

function hasAncestor(key: string, keys: ReadonlySet<string>): boolean {
  for (let above = parentOf(key); above !== null; above = parentOf(above)) {
    if (keys.has(above)) return true;
  }
  return false;
}

function keyText(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
