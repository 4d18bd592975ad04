/**
 * A tenant's id in 22 characters, for where a whole one does not fit: a UUID's 16 bytes in base64url. Throws a
 * TypeError for what is no UUID.
 */
export function tenantKey(tenantId: string): string {
  const hex = tenantId.replaceAll("-", "");
  if (!/^[\da-f]{32}$/i.test(hex)) throw new TypeError("A tenant's id is a UUID.");
  return Buffer.from(hex, "hex").toString("base64url");
}

/** Returns the text where it has the form of a tenant's id, a UUID in small letters; undefined for any other. */
export const tenantIdIn = (text: string): string | undefined =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? text : undefined;

/** The id that `tenantKey` made a key of; undefined for any other text. */
export function tenantOfKey(key: string): string | undefined {
  if (!/^[\w-]{22}$/.test(key)) return undefined;
  const hex = Buffer.from(key, "base64url").toString("hex");
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  // Of 22 characters the last carries 4 bits alone: another spelling of the same bytes is not ours.
  return tenantKey(id) === key ? id : undefined;
}
