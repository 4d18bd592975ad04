import { createLocalJWKSet, type JWK, jwtVerify, SignJWT } from "jose";

const CACHE_SIZE = 1000;

// The roles that a token may request in a hosted project: those that the REST API's login role is a member of.
const requestRoles: unknown[] = [undefined, "anon", "authenticated", "service_role"];

/**
 * Creates the function that re-signs a request's bearer token for `@supabase/lite`, which supports HS256 only. The
 * claims stay unchanged. Resolves to undefined for anything but an API key or a valid token of one of our issuers.
 */
export function createBearerExchange(options: { issuers: string[]; publicKey: JWK; secret: Uint8Array }) {
  const keySet = createLocalJWKSet({ keys: [options.publicKey] });
  const known = new Map<string, { authorization: string; expiresAt: number }>();

  async function exchange(token: string): Promise<string | undefined> {
    try {
      const { payload } = await jwtVerify(token, keySet, {
        algorithms: ["RS256"],
        issuer: options.issuers,
        requiredClaims: ["exp"],
      });
      if (!requestRoles.includes(payload.role)) return undefined;
      const signed = await new SignJWT(payload).setProtectedHeader({ alg: "HS256" }).sign(options.secret);
      remember(token, `Bearer ${signed}`, payload.exp ?? 0);
      return `Bearer ${signed}`;
    } catch {
      return undefined;
    }
  }

  function remember(token: string, authorization: string, expiresAt: number): void {
    const oldest = known.keys().next();
    if (known.size >= CACHE_SIZE && !oldest.done) known.delete(oldest.value);
    known.set(token, { authorization, expiresAt });
  }

  return async function exchangeBearer(header: string): Promise<string | undefined> {
    const token = /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (token === undefined) return undefined;
    if (token.startsWith("sb_")) return `Bearer ${token}`;
    const hit = known.get(token);
    if (hit && hit.expiresAt > Date.now() / 1000) return hit.authorization;
    known.delete(token);
    return exchange(token);
  };
}
