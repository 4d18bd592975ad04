import { randomUUID } from "node:crypto";
import { importJWK, type JWK, SignJWT } from "jose";

const LIFETIME_SECONDS = 3600;

/** The local users with the `metadata.role` of their tokens; without one a user is an operator. */
const users = {
  "operator-a": undefined,
  "operator-b": undefined,
  viewer: "viewer",
  auditor: "auditor",
  support: "support",
  admin: "admin",
} as const;

export type LocalUser = keyof typeof users;

/** The names of all local users. */
export const localUsers = Object.keys(users) as LocalUser[];

/** The path that the issuer, the token route and the key set share. */
export const identityPath = "/identity";

/** Returns true for a local user's name. */
export function isLocalUser(name: unknown): name is LocalUser {
  return localUsers.some((known) => known === name);
}

/** Returns the public part of a key. */
export function publicJwk({ kty, kid, alg, use, n, e }: JWK): JWK {
  return { kty, kid, alg, use, n, e };
}

/**
 * Creates the function that signs session tokens, valid for one hour, in the format of Clerk's version 2, with the
 * claim `role` that Clerk's Supabase integration adds. https://clerk.com/docs/guides/sessions/session-tokens
 */
export async function createTokenSigner(options: { issuer: string; webOrigin: string; signingKey: JWK }) {
  const key = await importJWK(options.signingKey, "RS256");
  const header = { alg: "RS256", typ: "JWT", kid: options.signingKey.kid };

  return async function signToken(user: LocalUser): Promise<{ token: string; expiresAt: string }> {
    const issuedAt = Math.floor(Date.now() / 1000);
    const expiresAt = issuedAt + LIFETIME_SECONDS;
    const role = users[user];
    const token = await new SignJWT({
      azp: options.webOrigin,
      role: "authenticated",
      sid: `sess_${randomUUID().replaceAll("-", "")}`,
      sts: "active",
      v: 2,
      ...(role && { metadata: { role } }),
    })
      .setProtectedHeader(header)
      .setIssuer(options.issuer)
      .setSubject(`user_${user.replaceAll("-", "_")}`)
      .setIssuedAt(issuedAt)
      .setNotBefore(issuedAt - 10)
      .setExpirationTime(expiresAt)
      .sign(key);
    return { token, expiresAt: new Date(expiresAt * 1000).toISOString() };
  };
}
