/**
 * Encodes a tenant's id in 22 characters, for names with a short limit: the 16 bytes of the UUID in base64url. Throws a
 * TypeError when it is no UUID.
 */
export function tenantKey(tenantId: string): string {
  const hex = tenantId.replaceAll("-", "");
  if (!/^[\da-f]{32}$/i.test(hex)) throw new TypeError("A tenant's id is a UUID.");
  return Buffer.from(hex, "hex").toString("base64url");
}

/** Returns the text if it is a UUID in lower case, as a tenant's id is; otherwise undefined. */
export const tenantIdIn = (text: string): string | undefined =>
  /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(text) ? text : undefined;

/** Decodes a key of `tenantKey`; undefined for other texts. */
export function tenantOfKey(key: string): string | undefined {
  if (!/^[\w-]{22}$/.test(key)) return undefined;
  const hex = Buffer.from(key, "base64url").toString("hex");
  const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  // The last character encodes only 4 bits, so that other spellings of the same bytes exist. They are rejected.
  return tenantKey(id) === key ? id : undefined;
}
