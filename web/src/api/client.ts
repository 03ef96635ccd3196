import { BASE } from "./base";
import { ApiProblem, problemOf, Unreachable } from "./problem";
import type { paths } from "./schema";
import { session } from "./session";

type Method = "get" | "post" | "put" | "patch" | "delete";
type Path = keyof paths;
type Operation<P extends Path, M extends Method> = paths[P] extends Record<M, infer O> ? O : never;
type Json<R> = R extends { content: { "application/json": infer T } } ? T : undefined;
type Answer<O> = O extends { responses: infer R }
  ? { [S in keyof R]: S extends 200 | 201 | 202 | 204 ? Json<R[S]> : never }[keyof R]
  : never;
type QueryOf<O> = O extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never;
type PathOf<O> = O extends { parameters: { path: infer Q } } ? Q : Record<string, never>;
type BodyOf<O> = O extends { requestBody?: { content: { "application/json": infer B } } }
  ? B
  : undefined;

/** Paths that answer a `GET`. */
export type Readable = { [P in Path]: Operation<P, "get"> extends never ? never : P }[Path];

export type Asked<O> = {
  path?: PathOf<O>;
  query?: QueryOf<O>;
  body?: BodyOf<O>;
  /** A body that is no JSON, and what it is. */
  content?: { type: string; text: string };
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
};

interface Kept {
  path: string;
  etag: string;
  value: unknown;
}

const MOST_KEPT = 100;
const kept = new Map<string, Kept>();

function addressOf(path: string, parts: unknown, query: object | undefined): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String((parts as Record<string, unknown> | undefined)?.[name])),
  );
  const address = new URL(filled.slice(1), BASE);
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === undefined || value === null) continue;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const each of values) address.searchParams.append(name, String(each));
  }
  return address.href;
}

async function ask(address: string, init: RequestInit): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(address, { credentials: "same-origin", cache: "no-store", ...init });
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Unreachable(error instanceof Error ? error.message : String(error));
  }
  if (response.ok || response.status === 304) return response;
  if (response.status === 401) session.end();
  throw await problemOf(response);
}

function keep(address: string, each: Kept): void {
  kept.delete(address);
  kept.set(address, each);
  const oldest = kept.keys().next();
  if (kept.size > MOST_KEPT && !oldest.done) kept.delete(oldest.value);
}

/**
 * Ask for something. What has not changed since the last time is not sent again, and the very same
 * object is answered. Rejects with {@link ApiProblem} or {@link Unreachable}.
 */
export async function get<P extends Readable>(
  path: P,
  asked: Asked<Operation<P, "get">> = {},
): Promise<Answer<Operation<P, "get">>> {
  type Value = Answer<Operation<P, "get">>;
  const address = addressOf(path, asked.path, asked.query);
  const known = kept.get(address);
  const response = await ask(address, {
    headers: { ...(known ? { "If-None-Match": known.etag } : {}), ...languageHeader() },
    signal: asked.signal ?? null,
  });
  if (response.status === 304 && known) return known.value as Value;
  const value = (await response.json()) as Value;
  const etag = response.headers.get("etag");
  if (etag) keep(address, { path, etag, value });
  return value;
}

const OF_ONE_EXECUTION = "/api/v1/executions/{execution}";

/**
 * Something changed: read lists whole. Of a team's servers, another one may hold for a moment that a
 * list stands as before, and nothing would tell of the change again. An execution's own state is
 * asked for again and again.
 */
export function forgetLists(): void {
  for (const [address, each] of kept) {
    if (!each.path.startsWith(OF_ONE_EXECUTION)) kept.delete(address);
  }
}

/** A text that the server answers, with the tag that names its state. */
export interface Text {
  text: string;
  etag: string | null;
}

/** Ask for something that is answered as text. Rejects as {@link get} does. */
export async function getText<P extends Readable>(
  path: P,
  asked: Asked<Operation<P, "get">> = {},
): Promise<Text> {
  const address = addressOf(path, asked.path, asked.query);
  const response = await ask(address, { headers: languageHeader(), signal: asked.signal ?? null });
  return { text: await response.text(), etag: response.headers.get("etag") };
}

/** Change something, with the proof that this page asks. */
export async function change<P extends Path, M extends Exclude<Method, "get">>(
  method: M,
  path: P,
  asked: Asked<Operation<P, M>> = {},
): Promise<Answer<Operation<P, M>>> {
  const address = addressOf(path, asked.path, asked.query);
  const init = (): RequestInit => ({
    method: method.toUpperCase(),
    headers: {
      ...languageHeader(),
      ...(session.csrfToken ? { "X-CSRF-Token": session.csrfToken } : {}),
      ...(asked.body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(asked.content === undefined ? {} : { "Content-Type": asked.content.type }),
      ...asked.headers,
    },
    ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    ...(asked.content === undefined ? {} : { body: asked.content.text }),
    signal: asked.signal ?? null,
  });
  let response: Response;
  try {
    response = await ask(address, init());
  } catch (error) {
    if (!(error instanceof ApiProblem) || error.code !== "CSRF_REFUSED") throw error;
    session.begin(await get("/api/v1/me")); // another tab signed in anew: its session, our page
    response = await ask(address, init());
  }
  type Value = Answer<Operation<P, M>>;
  return (response.status === 204 ? undefined : await response.json()) as Value;
}

/** An address of the server that a browser opens itself, to save a file for example. */
export function addressTo<P extends Readable>(
  path: P,
  asked: Asked<Operation<P, "get">> = {},
): string {
  return addressOf(path, asked.path, asked.query);
}

function languageHeader(): Record<string, string> {
  const language = globalThis.document?.documentElement.lang;
  return language ? { "Accept-Language": language } : {};
}
