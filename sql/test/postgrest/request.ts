/** A request to the REST API, as PostgREST takes it. */
export type ApiRequest = {
  method: "GET" | "HEAD" | "POST" | "PATCH" | "DELETE";
  /** A table, or a function where the path is `/rpc/…`. */
  target: { table: string } | { function: string };
  search: [name: string, value: string][];
  /** Preferences of the header `Prefer`: `return`, `count`, `resolution`, `missing`. */
  prefer: Map<string, string>;
  /** The body, as JSON text; undefined for none. */
  body: string | undefined;
};

/** Reads a request of the client library. Throws for what none of the templates covers. */
export function apiRequest(request: {
  method: string;
  url: string;
  headers: Headers;
  body: string | undefined;
}): ApiRequest {
  const { pathname, searchParams } = new URL(request.url);
  const [, called, table] = /^\/rest\/v1\/(?:rpc\/(\w+)|(\w+))$/.exec(pathname) ?? [];
  if (called === undefined && table === undefined)
    throw new Error(`not a request to a table or a function: ${pathname}`);
  const accept = request.headers.get("accept") ?? "";
  if (accept.includes("vnd.pgrst")) throw new Error(`no template for Accept: ${accept}`);
  const preferences = (request.headers.get("prefer") ?? "").split(",").filter(Boolean);
  return {
    method: request.method as ApiRequest["method"],
    target: called === undefined ? { table: table ?? "" } : { function: called },
    search: [...searchParams],
    prefer: new Map(preferences.map((preference) => preference.trim().split("=") as [string, string])),
    body: request.body,
  };
}

/** Splits at commas outside of parentheses and quotes. */
export function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = "";
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    if (!quoted && character === "(") depth += 1;
    if (!quoted && character === ")") depth -= 1;
    if (character === "," && depth === 0 && !quoted) {
      parts.push(part);
      part = "";
    } else part += character;
  }
  return part === "" ? parts : [...parts, part];
}
