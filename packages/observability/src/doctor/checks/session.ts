import { SmarterosError } from "@smarteros/core";
import { claimsOf, type SiteIdentity, sessionVerifier } from "@smarteros/identity";
import type { Check } from "../check.ts";
import { type Finding, finding } from "../findings.ts";
import type { Probes } from "../probes.ts";
import type { Subject } from "../subject.ts";
import { isPong } from "./supabase.ts";

type Claims = NonNullable<ReturnType<typeof claimsOf>>;

/** Tries a session token: its claims, its signature, and whether Supabase accepts it. */
export const sessionCheck: Check = async (subject, probes) => {
  const { identity, sessionToken } = subject;
  if (!identity) return undefined;
  if (!sessionToken) return [finding("session_not_checked")];
  const claims = claimsOf(sessionToken);
  if (!claims || claims.iss !== identity.issuer) return [finding("session_refused")];
  if ((claims.exp ?? 0) * 1000 < probes.now()) return [finding("session_expired")];
  const [isOurs, isKnown] = await Promise.all([
    isVerified(sessionToken, identity),
    isAccepted(sessionToken, subject, probes),
  ]);
  if (!isOurs) return [finding("session_refused")];
  return [...claimFindings(claims, identity), ...(isKnown ? [] : [finding("third_party_auth_missing")])];
};

function* claimFindings({ azp, role, metadata }: Claims, identity: SiteIdentity): Generator<Finding> {
  const { origins, allowMissingAzp, kind } = identity;
  if (azp === undefined) {
    if (!allowMissingAzp) yield finding("session_azp_missing");
  } else if (typeof azp !== "string" || !origins.includes(azp)) yield finding("session_azp_foreign");
  if (role === undefined) yield finding("session_role_missing");
  if (metadata === undefined && kind === "clerk") yield finding("session_metadata_missing");
}

/** Returns whether the identity provider signed the token. Where its keys cannot be read, another check reports that. */
async function isVerified(token: string, { issuer, key }: SiteIdentity): Promise<boolean> {
  const refusal = await sessionVerifier({ issuer, key })(token).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return !SmarterosError.isInstance(refusal) || refusal.code !== "unauthorized";
}

async function isAccepted(token: string, { supabase }: Subject, probes: Probes): Promise<boolean> {
  if (!supabase?.publishableKey || !isPong(await probes.supabase())) return true;
  const reply = await probes.rest("rpc/ping", supabase.publishableKey, token);
  return reply?.status !== 401;
}
