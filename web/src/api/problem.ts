/** A refusal as the server words it: a problem document (RFC 9457) with a stable `code`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";

  constructor(
    readonly status: number,
    readonly code: string,
    readonly title: string,
    readonly detail: string,
    readonly members: Readonly<Record<string, unknown>> = {},
  ) {
    super(detail === "" ? title : detail);
  }
}

/** The server did not answer, or what answered was not the server. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" ? value : otherwise;
}

/** The problem that a response tells of; also where something else than the server answered. */
export async function problemOf(response: Response): Promise<ApiProblem | Unreachable> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.includes("json")) return new Unreachable(`${response.status} ${response.statusText}`);
  const body: unknown = await response.json();
  const members = typeof body === "object" && body !== null ? { ...body } : {};
  const told = members as Record<string, unknown>;
  return new ApiProblem(
    response.status,
    text(told.code, "UNKNOWN"),
    text(told.title, response.statusText),
    text(told.detail, ""),
    told,
  );
}
