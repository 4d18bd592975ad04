/**
 * Addresses of a vendor's resources for people, by the kind in their ids (`""` for ids that are numbers), with `{id}` in
 * place of the rest of an id. A kind is absent where its address is not known.
 */
export type ResourceUrls = Readonly<Record<string, string>>;

/** Returns the address of a page below a vendor's address, without a credential or a query that this has. */
export function pageBelow(url: string, path: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname.replace(/\/+$/, "")}${path}`;
}
