import { randomUUID } from "node:crypto";
import { importJWK, type JWK, type JWTHeaderParameters, SignJWT } from "jose";
import { inject } from "vitest";
import type { RunningWeb } from "./web-server.ts";

const { issuer, signingKey } = inject("embedded");

export const now = () => Math.floor(Date.now() / 1000);

/** A user whom no other test knows, so that limits and tenants do not meet. */
export const newUser = () => `user_${randomUUID().replaceAll("-", "")}`;

type Changes = {
  /** Claims to set; `undefined` takes one away. */
  claims?: Record<string, unknown>;
  header?: Partial<JWTHeaderParameters>;
  key?: JWK | Uint8Array;
};

/** A session token for a web app, as its identity would sign it, but for the changes. */
export async function sessionToken(web: RunningWeb, { claims, header, key = signingKey }: Changes = {}) {
  const protectedHeader = { alg: "RS256", typ: "JWT", kid: signingKey.kid, ...header } as JWTHeaderParameters;
  const payload = {
    iss: issuer,
    sub: newUser(),
    sid: `sess_${randomUUID().replaceAll("-", "")}`,
    iat: now(),
    nbf: now() - 10,
    exp: now() + 300,
    azp: web.url,
    sts: "active",
    v: 2,
    role: "authenticated",
    ...claims,
  };
  return new SignJWT(payload)
    .setProtectedHeader(protectedHeader)
    .sign(key instanceof Uint8Array ? key : await importJWK(key, protectedHeader.alg));
}

/** The token of a user in a role; none is an operator. */
export function tokenOf(web: RunningWeb, sub = newUser(), role?: string) {
  return sessionToken(web, { claims: { sub, ...(role ? { metadata: { role } } : {}) } });
}

/** A part of a token that nobody signs. */
export const encoded = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
