import { SignJWT } from "jose";

/** Signs a session token in the format of Clerk and the embedded identity, valid for an hour. */
export function sessionToken(
  key: Parameters<SignJWT["sign"]>[0],
  claims: Record<string, unknown>,
  kid?: string,
): Promise<string> {
  return new SignJWT({ role: "authenticated", sid: "sess_bench", sts: "active", v: 2, ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", ...(kid ? { kid } : {}) })
    .setIssuedAt()
    .setNotBefore("-10s")
    .setExpirationTime("1h")
    .sign(key);
}
