import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { BrowserContext } from "@playwright/test";
import { signSession } from "@smarteros/supabase/testing";

const origin = `http://127.0.0.1:${process.env.WEB_PORT}`;

/** Where the web app answers whose backend is in the tests' hands, and the one whose master switch is off. */
export const backedUrl = `http://127.0.0.1:${process.env.E2E_BACKED_PORT}`;
export const disabledUrl = `http://127.0.0.1:${process.env.E2E_DISABLED_PORT}`;
/** That backend itself, for what only a test may ask of it. */
export const backendUrl = `http://127.0.0.1:${process.env.E2E_BACKEND_PORT}`;

/** Signs a user in who was never here before, with a rate limit of their own; resolves to their id. */
export function newUser(context: BrowserContext, role?: string): Promise<string> {
  return signInAs(context, `user_${randomUUID().replaceAll("-", "")}`, role);
}

/** Signs a user in by id, as after a change of role; resolves to the id. */
export async function signInAs(context: BrowserContext, userId: string, role?: string): Promise<string> {
  const { signingKey } = JSON.parse(
    readFileSync(path.join(process.env.SMARTEROS_DATA_DIR ?? "", "secrets.json"), "utf8"),
  );
  const issuer = `http://127.0.0.1:${process.env.SUPABASE_PORT}/identity`;
  const token = await signSession({ issuer, signingKey }, userId, {
    ...(role ? { role } : {}),
    seconds: 600,
    claims: { azp: origin, sid: "sess_1" },
  });
  await context.addCookies([
    { name: "__session", value: token, url: origin, httpOnly: true, sameSite: "Lax" },
  ]);
  return userId;
}
