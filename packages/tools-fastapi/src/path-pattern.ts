const maxLength = 512;
const parameter = /^:[a-z][a-z0-9_]*$/i;
const exact = /^[a-z0-9_~.-]+$/i;
/** The form of a `:name` segment: unreserved characters only (RFC 3986), so that no server reads it as more than one. */
const value = /^[a-z0-9_~-][a-z0-9_.~-]{0,127}$/i;

const isParameter = (segment: string) => segment.startsWith(":");

/** The names of a pattern's `:name` segments. */
export function parameterNames(pattern: string): string[] {
  return pattern
    .split("/")
    .filter(isParameter)
    .map((segment) => segment.slice(1));
}

/** Reads the `:name` segments of a path that has the form of a pattern; undefined for a path of another form. */
export function matchPattern(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const parts = path.split("/");
  if (expected.length !== parts.length) return undefined;
  const found: Record<string, string> = Object.create(null);
  for (const [index, segment] of expected.entries()) {
    const part = parts[index] ?? "";
    if (!isParameter(segment)) {
      if (segment !== part) return undefined;
    } else if (value.test(part)) found[segment.slice(1)] = part;
    else return undefined;
  }
  return found;
}

/** Orders patterns so that of two that match one path the more exact one, read from the left, comes first. */
export function bySpecificity(one: string, other: string): number {
  return rank(one) < rank(other) ? -1 : Number(rank(one) > rank(other));
}

const rank = (pattern: string) => pattern.replace(/[^/]+/g, (segment) => (isParameter(segment) ? "1" : "0"));

/** Names a pattern without the names of its parameters: two patterns of one shape match the same paths. */
export const shapeOf = (pattern: string) =>
  pattern.replace(/[^/]+/g, (segment) => (isParameter(segment) ? ":" : segment));

/** Describes the problem of a pattern and its fix; undefined where it is valid. */
export function patternProblem(pattern: string): string | undefined {
  if (pattern.length > maxLength) return `must have at most ${maxLength} characters`;
  if (!pattern.startsWith("/")) return "must begin with a slash, such as /reports/:id";
  if (pattern.includes("*")) return "must have no wildcard: list each path, or write a segment as :name";
  if (/[{}]/.test(pattern)) return "write a segment that varies as :name, without braces";
  if (pattern.includes("?")) return "must have no query: describe it in the field query";
  if (pattern.includes("%")) return "must be written without escapes";
  const [, ...segments] = pattern.split("/");
  if (segments.includes("")) return "must have no empty segment and no slash at its end: leave it out";
  if (segments.some((segment) => /^\.+$/.test(segment))) return "must have no dot segments: leave them out";
  if (!segments.every((segment) => parameter.test(segment) || exact.test(segment)))
    return "must have segments of letters, digits and -._~, or :name with a name of letters, digits and _";
  const names = parameterNames(pattern);
  return new Set(names).size < names.length ? "must name each :name segment differently" : undefined;
}

/**
 * Describes which tools a pattern would bypass; undefined where it bypasses none. A path with a tool is called through that
 * tool only, with its checks and its record.
 */
export function reservedProblem(method: string, pattern: string): string | undefined {
  const [, first = "", ...rest] = pattern.toLowerCase().split("/");
  const mayBe = (segment: string, name: string) => isParameter(segment) || segment === name;
  if (mayBe(first, "services"))
    return isParameter(first)
      ? "must begin with an exact segment: as a :name it would match /services, which has tools of its own"
      : "must not be below /services: use the tools services.*";
  const isTrigger = method === "POST" && rest.length === 1 && mayBe(first, "n8n");
  return isTrigger && mayBe(rest[0] ?? "", "workflow")
    ? "must not match /n8n/workflow by POST: use the tool n8n.trigger"
    : undefined;
}
