/** SQL with its values separate from its text, as PostgREST sends it: of type `unknown`, for Postgres to infer. */
export type Snippet = (string | { value: string })[];

/** Creates a snippet with one parameter. */
export function parameter(value: string): Snippet {
  return [{ value }];
}

/** Joins snippets with a separator. */
export function joined(snippets: Snippet[], separator: string): Snippet {
  return snippets.flatMap((snippet, index) => (index === 0 ? snippet : [separator, ...snippet]));
}

/** An identifier in quotes. */
export function name(...parts: string[]): string {
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join(".");
}

/** The text with numbered parameters, for people. */
export function textOf(snippet: Snippet): string {
  let count = 0;
  return snippet
    .map((part) => {
      if (typeof part === "string") return part;
      count += 1;
      return `$${count}`;
    })
    .join("")
    .replace(/ {2,}/g, " ")
    .trim();
}

/** The text with its values as literals, which are of type `unknown` too. */
export function executable(snippet: Snippet): string {
  return snippet
    .map((part) => (typeof part === "string" ? part : `'${part.value.replaceAll("'", "''")}'`))
    .join("");
}
