import { createPublicKey } from "node:crypto";
import type { Check } from "../check.ts";
import { finding } from "../findings.ts";

/** Reads the identity provider's key set, and finds a `CLERK_JWT_KEY` that is none of it. */
export const identityCheck: Check = async ({ identity }, probes) => {
  if (!identity) return undefined;
  const { key, issuer } = identity;
  const url = "jwksUrl" in key ? key.jwksUrl : `${issuer}/.well-known/jwks.json`;
  const reply = await probes.ask(url);
  const moduli = reply?.status === 200 ? moduliOf(reply.body) : undefined;
  if ("jwksUrl" in key) return moduli ? [] : [finding("identity_keys_unreachable")];
  // With a key at hand the key set is not needed, and what is behind a proxy may not be reached.
  if (!moduli) return undefined;
  const { n } = createPublicKey(key.pem).export({ format: "jwk" });
  return moduli.includes(n) ? [] : [finding("clerk_jwt_key_foreign")];
};

function moduliOf(body: unknown): unknown[] | undefined {
  const keys = typeof body === "object" && body !== null && "keys" in body ? body.keys : undefined;
  if (!Array.isArray(keys) || keys.length === 0) return undefined;
  return keys.map((key: { n?: unknown } | null) => key?.n);
}
