import { type InputIssue, type Principal, SmarterosError } from "@smarteros/core";
import { withoutTrailingSlash } from "@smarteros/core/settings";
import type { AllowList, ListedPath } from "./allow-list.ts";
import type { BackendRequest } from "./ports.ts";

const maxPath = 512;
/** Maximum characters of the list that an error repeats. */
const maxList = 2_000;

/**
 * Builds the URL of a path below the backend's folder, with its query. Throws `invalid_input` for a path that parsing would
 * change: the checked and the sent characters must be the same.
 */
export function plainUrl(base: URL, path: string, query: BackendRequest["query"] = {}): URL {
  const url = parse(base, path);
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, String(value));
  return url;
}

/**
 * Builds the URL of a request, and checks its body. Throws `invalid_input`, naming the field and the allowed values, for
 * anything that is not on the list, and `forbidden` where the caller lacks the entry's capability. The list is matched
 * against the parsed and decoded URL, and only a path that parsing and decoding leave unchanged gets that far: the
 * caller's, the checked and the sent characters are the same.
 */
export function allowedRequest(
  base: URL,
  { allowed, method, path, query, body }: BackendRequest,
  principal: Principal,
) {
  const entry = entryFor(base, { allowed, method, path });
  if (!principal.capabilities.has(entry.capability)) throw forbidden(entry, principal);
  const issues = [...queryIssues(entry, query ?? {}), ...bodyIssues(entry, body)];
  if (issues.length > 0) throw invalid(issues);
  return { url: plainUrl(base, path, query), body };
}

function entryFor(base: URL, { allowed, method, path }: Pick<BackendRequest, "allowed" | "method" | "path">) {
  try {
    const decoded = decode(plainUrl(base, path).pathname.slice(prefixOf(base).length));
    const here = allowed.entries.filter((entry) => entry.matches(decoded));
    if (here.length === 0) throw refusal("is not on the list");
    const entry = here.find((one) => one.method === method);
    if (!entry) throw refusal(`cannot be called by ${method}`);
    return entry;
  } catch (thrown) {
    throw SmarterosError.isInstance(thrown) ? withList(thrown, allowed) : thrown;
  }
}

function parse(base: URL, path: string): URL {
  if (path.length > maxPath) throw refusal(`is longer than ${maxPath} characters`);
  if (!path.startsWith("/")) throw refusal("must begin with a slash; another origin is not reached");
  const written = prefixOf(base) + path;
  // The slash closes the origin: nothing in a path can change it.
  const url = new URL(base.origin + written);
  // The parser folds "..", "\" and its kin and drops tabs and line ends; "?" and "#" end a path. In each case
  // the path is no longer as it was written.
  if (url.href !== base.origin + written || url.pathname !== written) {
    throw refusal("must be plain: no dot segments, backslashes, controls, '?' or '#'; use query");
  }
  return url;
}

function decode(path: string): string {
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw refusal("has an escape that is not UTF-8");
  }
  if (decoded !== path) throw refusal("must be written without escapes");
  return decoded;
}

function queryIssues(entry: ListedPath, query: NonNullable<BackendRequest["query"]>): InputIssue[] {
  if (entry.query) return entry.query("query", query);
  return Object.keys(query).map((name) => ({
    path: `query.${name}`,
    message: "This path takes no query parameters. Leave it out.",
  }));
}

function bodyIssues(entry: ListedPath, body: unknown): InputIssue[] {
  if (entry.body) return entry.body("body", body);
  return body === undefined ? [] : [{ path: "body", message: "This path takes no body. Leave it out." }];
}

function forbidden({ method, path, capability }: ListedPath, { role }: Principal): SmarterosError {
  return new SmarterosError(
    "forbidden",
    `${method} ${path} needs the capability "${capability}", which the role "${role}" does not grant. Ask an administrator.`,
    { required: capability },
  );
}

function refusal(reason: string): SmarterosError {
  return invalid([{ path: "path", message: `The path ${reason}.` }]);
}

/** Adds the list of allowed paths to the refusal of a path. */
function withList({ details }: SmarterosError, { paths }: AllowList): SmarterosError {
  const list = paths.map(({ method, path }) => `${method} ${path}`).join(", ") || "nothing";
  const shown = list.length > maxList ? `${list.slice(0, maxList)} …` : list;
  const issues = details.issues ?? [];
  return invalid(issues.map(({ path, message }) => ({ path, message: `${message} Allowed: ${shown}.` })));
}

function invalid(issues: InputIssue[]): SmarterosError {
  const [first] = issues;
  return new SmarterosError("invalid_input", first ? `${first.path}: ${first.message}` : "", { issues });
}

/** Returns the folder of the backend's URL, without its closing slash. */
function prefixOf(base: URL): string {
  return withoutTrailingSlash(base.pathname);
}
