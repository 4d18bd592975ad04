import { type InputIssue, SmarterosError } from "@smarteros/core";
import type * as z from "zod";
import { type AllowedPath, allowedPaths } from "./allowed-paths.ts";
import type { BackendRequest } from "./ports.ts";

const longestPath = 512;

/**
 * The URL of a path below the backend's folder, with its query. Throws `invalid_input` for a path that parsing would not
 * leave as it was written: what was checked and what is sent are the same characters.
 */
export function plainUrl(base: URL, path: string, query: BackendRequest["query"] = {}): URL {
  const url = parse(base, path);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url;
}

/**
 * The URL that is sent for a request, and its checked body. Throws `invalid_input`, naming the field and what is
 * allowed, for all that is not on the list. The list is held against the parsed and decoded URL, and only a path that
 * parsing and decoding leave as it was written gets that far: what the caller wrote, what was checked and what is sent
 * are the same characters.
 */
export function allowedRequest(base: URL, { method, path, query, body }: BackendRequest) {
  const url = plainUrl(base, path);
  const decoded = decode(url.pathname.slice(prefixOf(base).length));
  const here = allowedPaths.filter((allowed) => matches(allowed, decoded));
  if (here.length === 0) throw refusal("path", "is not on the list");
  const allowed = here.find((one) => one.method === method);
  if (!allowed) throw refusal("path", `cannot be called by ${method}`);
  check("query", allowed.query, query ?? {});
  return { url: plainUrl(base, path, query), body: check("body", allowed.body, body) };
}

function parse(base: URL, path: string): URL {
  if (path.length > longestPath) throw refusal("path", `is longer than ${longestPath} characters`);
  if (!path.startsWith("/")) throw refusal("path", "must begin with a slash; another origin is not reached");
  const written = prefixOf(base) + path;
  // The slash closes the origin: nothing in a path can change it.
  const url = new URL(base.origin + written);
  // The parser folds "..", "\" and its kin and drops tabs and line ends; "?" and "#" end a path. Whatever it was, the
  // path is then no longer as it was written.
  if (url.href !== base.origin + written || url.pathname !== written) {
    throw refusal("path", "must be plain: no dot segments, backslashes, controls, '?' or '#'; use query");
  }
  return url;
}

function decode(path: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw refusal("path", "has an escape that is not UTF-8");
  }
  if (decoded !== path) throw refusal("path", "must be written without escapes");
  return decoded;
}

function matches({ path, segments = {} }: AllowedPath, given: string): boolean {
  const wanted = path.split("/");
  const parts = given.split("/");
  return (
    wanted.length === parts.length &&
    wanted.every((segment, index) => {
      const part = parts[index] ?? "";
      if (!segment.startsWith(":")) return segment === part;
      return segments[segment.slice(1)]?.safeParse(part).success ?? false;
    })
  );
}

function check(field: "query" | "body", schema: z.ZodType | undefined, value: unknown): unknown {
  if (!schema) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({
    path: [field, ...path].join("."),
    message,
  }));
  throw invalid(issues);
}

function refusal(path: string, reason: string): SmarterosError {
  const list = allowedPaths.map((allowed) => `${allowed.method} ${allowed.path}`).join(", ");
  return invalid([{ path, message: `The path ${reason}. Allowed: ${list}.` }]);
}

function invalid(issues: InputIssue[]): SmarterosError {
  const [first] = issues;
  return new SmarterosError("invalid_input", first ? `${first.path}: ${first.message}` : "", { issues });
}

/** The folder that a backend may live under, without its closing slash. */
function prefixOf(base: URL): string {
  return base.pathname.replace(/\/$/, "");
}
