/** The search params of a page, as Next passes them. */
export type SearchParams = Record<string, string | string[] | undefined>;

/** Returns the value of a name without spaces around it: the first of a repeated name, empty for none. */
export function firstOf(params: SearchParams, name: string): string {
  return [params[name]].flat()[0]?.trim() ?? "";
}

/** Builds the address of a page with these search params, without those that have no value. */
export function addressWith(page: string, params: Record<string, string | undefined>): string {
  const given = Object.entries(params).filter((pair): pair is [string, string] => Boolean(pair[1]));
  const query = new URLSearchParams(given).toString();
  return query ? `${page}?${query}` : page;
}
