import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext, Page } from "@playwright/test";
import { importJWK, SignJWT } from "jose";

type Role = "viewer" | "operator" | "auditor" | "admin";

/** A user whom no other test knows, so that neither limits nor tenants meet. */
const newUser = () => `user_${randomUUID().replaceAll("-", "")}`;

/** Signs a context in as a new user, or as a known one in another role, and answers the user's id. */
export async function signInFresh(
  context: BrowserContext,
  baseURL = "",
  role: Role = "operator",
  user = newUser(),
) {
  const { signingKey } = JSON.parse(
    readFileSync(path.join(process.env.SMARTEROS_DATA_DIR ?? "", "secrets.json"), "utf8"),
  );
  const token = await new SignJWT({
    azp: baseURL,
    sid: "sess_1",
    role: "authenticated",
    ...(role === "operator" ? {} : { metadata: { role } }),
  })
    .setProtectedHeader({ alg: "RS256", typ: "JWT", kid: signingKey.kid })
    .setIssuer(`http://127.0.0.1:${process.env.SUPABASE_PORT}/identity`)
    .setSubject(user)
    .setIssuedAt()
    .setExpirationTime("10 minutes")
    .sign(await importJWK(signingKey, "RS256"));
  await context.addCookies([{ name: "__session", value: token, url: baseURL }]);
  return user;
}

type Tenant = { id: string; rut: string; business_name: string };

/** Calls a tool as the page's user and gives its result. */
export async function call(page: Page, name: string, args: object): Promise<{ tenant: Tenant }> {
  const answer = await page.request.post("/api/mcp/tool", { data: { name, args } });
  const { ok, result, message } = await answer.json();
  if (!ok) throw new Error(`${name}: ${message}`);
  return result;
}
