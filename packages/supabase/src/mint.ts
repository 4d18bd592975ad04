import { createPrivateKey, createSecretKey, type KeyObject } from "node:crypto";
import { withoutTrailingSlash } from "@smarteros/core/settings";
import { SignJWT } from "jose";

/** A key that Supabase trusts: one that was imported as a signing key, as JWK (JSON) or PEM; or the older shared secret. */
export type SigningKey = { privateKey: string } | { secret: string };

const lifetime = 60;
const algorithms = new Map([
  ["ec", "ES256"],
  ["rsa", "RS256"],
]);

/**
 * Builds a minter of tokens that Supabase accepts as a user's own: valid 60 s, role `authenticated`, no other right. The
 * key can impersonate any user, so it belongs on servers and never on a user's machine. Throws on a key that it cannot
 * read, without showing it.
 */
export function tokenMinter({ url, key }: { url: string; key: SigningKey }) {
  const { signer, algorithm, kid } = signingKey(key);
  return (userId: string): Promise<string> =>
    new SignJWT({ role: "authenticated" })
      .setProtectedHeader({ alg: algorithm, typ: "JWT", ...(kid ? { kid } : {}) })
      .setIssuer(`${withoutTrailingSlash(url)}/auth/v1`)
      .setAudience("authenticated")
      .setSubject(userId)
      .setIssuedAt()
      .setExpirationTime(`${lifetime}s`)
      .sign(signer);
}

function signingKey(key: SigningKey): { signer: KeyObject; algorithm: string; kid?: string | undefined } {
  if ("secret" in key) return { signer: createSecretKey(Buffer.from(key.secret)), algorithm: "HS256" };
  try {
    const jwk = key.privateKey.trim().startsWith("{") ? JSON.parse(key.privateKey) : undefined;
    const signer = jwk
      ? createPrivateKey({ key: jwk, format: "jwk" })
      : createPrivateKey(key.privateKey.replaceAll("\\n", "\n"));
    const algorithm = algorithms.get(signer.asymmetricKeyType ?? "");
    if (algorithm) return { signer, algorithm, kid: jwk?.kid };
  } catch {
    // The parser's message may quote the key.
  }
  throw new Error("The signing key is not a private EC or RSA key as JWK or PEM.");
}
