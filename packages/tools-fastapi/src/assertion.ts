import { type Call, type Principal, SmarterosError } from "@smarteros/core";
import { jwtVerify, SignJWT } from "jose";
import * as z from "zod";
import type { ReplayGuard } from "./replay-guard.ts";

export { createReplayGuard, type ReplayGuard } from "./replay-guard.ts";

const algorithm = "HS256";
const issuer = "smarteros";
const lifetimeSeconds = 60;
/** The seconds by which the clocks of the two machines may differ. */
const skewSeconds = 5;

/** Seconds after which any assertion is refused, so that its `jti` need not be remembered longer. */
export const rememberedSeconds = lifetimeSeconds + 2 * skewSeconds;

const claimsSchema = z.object({
  sub: z.string().trim().min(1).max(255),
  aud: z.string(),
  jti: z.uuid(),
  iat: z.int(),
  exp: z.int(),
  capabilities: z.array(z.enum(["read", "write", "audit", "admin"])).max(4),
  /** `all` for who reads and changes the tenants of every owner. */
  tenants: z.literal("all").optional(),
});

/** The principal of a verified assertion. */
export type AssertedPrincipal = Pick<Principal, "userId" | "capabilities" | "seesAllTenants">;

/**
 * Signs who is calling, for one request to one backend: HS256, 60 s, with an id that the backend takes once. `audience`
 * is the backend's origin.
 */
export function signAssertion(
  secret: Uint8Array,
  audience: string,
  { principal }: Pick<Call, "principal">,
): Promise<string> {
  const issuedAt = Math.floor(Date.now() / 1000);
  return new SignJWT({
    capabilities: [...principal.capabilities],
    ...(principal.seesAllTenants ? { tenants: "all" } : {}),
  })
    .setProtectedHeader({ alg: algorithm })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(principal.userId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(issuedAt)
    .setExpirationTime(issuedAt + lifetimeSeconds)
    .sign(secret);
}

export type AssertionKey = {
  secret: Uint8Array;
  /** The origin that assertions must be for: the backend's own. */
  audience: string;
  guard: ReplayGuard;
  /** Unix seconds since which the guard remembers: what was issued earlier may have been used, unseen by it. */
  since: number;
};

/**
 * Verifies an assertion and returns its principal. Throws `unauthorized` with one message for one that is forged, late,
 * made for another backend or used before, and `unavailable` where the guard is full.
 */
export async function verifyAssertion(assertion: string, key: AssertionKey): Promise<AssertedPrincipal> {
  const { sub, jti, capabilities, tenants } = await readClaims(assertion, key);
  switch (await key.guard.use(jti)) {
    case "fresh":
      return { userId: sub, capabilities: new Set(capabilities), seesAllTenants: tenants === "all" };
    case "full":
      throw new SmarterosError("unavailable", "Too many calls at once. Try again in a minute.");
    case "used":
      throw refused(new Error("the assertion was used before"));
  }
}

async function readClaims(assertion: string, { secret, audience, since }: AssertionKey) {
  try {
    const { payload } = await jwtVerify(assertion, secret, {
      algorithms: [algorithm],
      issuer,
      audience,
      clockTolerance: skewSeconds,
      maxTokenAge: lifetimeSeconds,
    });
    const claims = claimsSchema.parse(payload);
    if (claims.exp - claims.iat > lifetimeSeconds) throw new Error("the assertion lives too long");
    if (claims.iat < since - skewSeconds) throw new Error("the assertion is older than the guard's memory");
    return claims;
  } catch (cause) {
    throw refused(cause);
  }
}

function refused(cause: unknown): SmarterosError {
  const message = "A fresh assertion signed with FASTAPI_SECRET for this backend is needed.";
  return new SmarterosError("unauthorized", message, {}, { cause });
}
