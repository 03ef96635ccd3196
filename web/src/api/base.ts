/**
 * Where the server is: the folder above the one that holds the page's files, so that the page works
 * under whatever path a proxy gives it.
 */
export const BASE = import.meta.env.PROD
  ? new URL(/* @vite-ignore */ "..", import.meta.url)
  : new URL("/", globalThis.location?.href ?? "http://localhost/");

/** The path of the page's first address, without a slash at its end; empty at the root. */
export const BASE_PATH = BASE.pathname.replace(/\/$/, "");
