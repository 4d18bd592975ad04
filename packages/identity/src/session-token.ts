import { createHash } from "node:crypto";
import { type Principal, principalFromClaims, type RoleRules, SmarterosError } from "@smarteros/core";
import {
  createRemoteJWKSet,
  decodeJwt,
  errors,
  importSPKI,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from "jose";
import type { Issuer } from "./issuer.ts";

/** A caller with a verified token. Supabase receives the same token, and so sees the same user. */
export type Session = { principal: Principal; token: string };

type Verification = Issuer & {
  origins?: string[];
  /** Accepts a token without `azp` too, as Clerk makes them for programs. */
  allowMissingAzp?: boolean;
  roles?: RoleRules;
};

const day = 24 * 3600;
const cached = { entries: 1_000 };

/**
 * Builds the verifier of session tokens, Clerk's or the local identity's. It rejects with `unauthorized` for anything
 * that is not a session token of this issuer, made for one of the origins where any are given; with `forbidden` for an
 * unknown role; and with `unavailable` where the issuer's keys cannot be had. Clerk's own `verifyToken` leaves issuer, status, age and subject
 * to its caller; all are checked here.
 */
export function sessionVerifier(identity: Verification) {
  const known = new Map<string, { principal: Principal; expiresAt: number }>();
  let key: ReturnType<typeof keySource> | undefined;

  return async function verify(token: string): Promise<Session> {
    const id = createHash("sha256").update(token).digest("base64");
    const hit = known.get(id);
    if (hit && hit.expiresAt > Date.now()) return { principal: hit.principal, token };

    key ??= keySource(identity.key);
    const claims = await verified(token, await key, identity.issuer);
    checkClaims(claims, identity);
    const principal = principalFromClaims(claims, identity.roles);

    const oldest = known.keys().next();
    if (known.size >= cached.entries && !oldest.done) known.delete(oldest.value);
    known.set(id, { principal, expiresAt: (claims.exp ?? 0) * 1000 });
    return { principal, token };
  };
}

async function keySource(key: Issuer["key"]): Promise<JWTVerifyGetKey> {
  if ("jwksUrl" in key) return createRemoteJWKSet(new URL(key.jwksUrl), { timeoutDuration: 3_000 });
  const imported = await importSPKI(key.pem, "RS256");
  return async () => imported;
}

async function verified(token: string, key: JWTVerifyGetKey, issuer: string): Promise<JWTPayload> {
  try {
    const { payload, protectedHeader } = await jwtVerify(token, key, {
      algorithms: ["RS256"],
      issuer,
      clockTolerance: 5,
      requiredClaims: ["sub", "sid", "iat", "exp"],
    });
    // An OAuth access token is signed by the same key, and is not a session.
    if (!/^(?:JWT|undefined)$/i.test(String(protectedHeader.typ))) throw unauthorized();
    return payload;
  } catch (thrown) {
    if (SmarterosError.isInstance(thrown)) throw thrown;
    if (thrown instanceof errors.JWTExpired) throw expired(thrown);
    if (isAboutTheToken(thrown)) throw unauthorized("is not valid", thrown);
    throw new SmarterosError(
      "unavailable",
      "The keys of the identity provider cannot be read. Try again in a moment.",
      { service: "identity" },
      { cause: thrown },
    );
  }
}

/** Returns whether an error is about the token, rather than about the issuer's key set. */
function isAboutTheToken(thrown: unknown): boolean {
  if (!(thrown instanceof errors.JOSEError)) return false;
  const ofTheKeySet = [errors.JWKSTimeout.code, errors.JWKSInvalid.code, errors.JOSEError.code];
  return !ofTheKeySet.includes(thrown.code);
}

function checkClaims(claims: JWTPayload, { origins, allowMissingAzp }: Verification) {
  const { sts, azp, role, iat = 0, exp = 0 } = claims;
  if (sts !== undefined && sts !== "active")
    throw unauthorized("belongs to a session that is not active yet");
  if (origins && azp === undefined && !allowMissingAzp) throw withoutSite();
  if (origins && azp !== undefined && (typeof azp !== "string" || !origins.includes(azp))) {
    const site = String(azp).slice(0, 200);
    throw unauthorized("was made for another site", new Error(`unexpected "azp": ${site}`));
  }
  // Supabase acts as the role that a token names: no user may become its service role.
  if (role !== undefined && role !== "authenticated") throw unauthorized("carries a role that no user has");
  if (iat > Date.now() / 1000 + 5 || exp - iat > day)
    throw unauthorized("has times that no session token has");
}

/** Reads a token's claims without verifying it; undefined for a text that is no token. */
export function claimsOf(token: string): JWTPayload | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

function expired(cause: unknown) {
  const message =
    "The session token has expired. Clerk's session tokens and cookies last about a minute: send a fresh one as Authorization: Bearer, from a command that fetches it at each call (await Clerk.session.getToken() on the site), or sign in again.";
  return new SmarterosError("unauthorized", message, {}, { cause });
}

function withoutSite() {
  const message =
    "The session token names no site (it has no azp claim), as tokens made for programs do. Send one that was made on the site, or ask its operator to set CLERK_ALLOW_MISSING_AZP=true.";
  return new SmarterosError("unauthorized", message, {}, { cause: new Error('missing "azp" claim') });
}

function unauthorized(why = "is not valid", cause?: unknown) {
  return new SmarterosError(
    "unauthorized",
    `The session token ${why}. Sign in again and send a fresh one.`,
    {},
    { cause },
  );
}
