import { importJWK, type JWK, SignJWT } from "jose";
import { asUser, type SupabaseClient } from "./client.ts";

/** An embedded project, as the tests are provided with one, with the private key of its identity. */
export type TestProject = {
  supabaseUrl: string;
  publishableKey: string;
  issuer: string;
  signingKey: JWK;
};

/** Signs a session token of any user as the embedded identity does. `claims` are set beside those that the database reads. */
export async function signSession(
  { issuer, signingKey }: Pick<TestProject, "issuer" | "signingKey">,
  userId: string,
  { role, seconds = 300, claims }: { role?: string; seconds?: number; claims?: Record<string, unknown> } = {},
): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  return new SignJWT({ role: "authenticated", ...(role ? { metadata: { role } } : {}), ...claims })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: signingKey.kid ?? "" })
    .setIssuer(issuer)
    .setSubject(userId)
    .setIssuedAt(now)
    .setExpirationTime(now + seconds)
    .sign(await importJWK(signingKey, "RS256"));
}

/** Creates a client of an embedded project for one of its users, without a role an operator. */
export async function asTestUser(
  project: TestProject,
  userId: string,
  role?: string,
): Promise<SupabaseClient> {
  const { supabaseUrl: url, publishableKey } = project;
  return asUser({ url, publishableKey }, await signSession(project, userId, role ? { role } : {}));
}
