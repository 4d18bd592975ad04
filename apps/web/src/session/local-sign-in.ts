import * as z from "zod";
import { services } from "../app-context.ts";
import { isForeign } from "../http/credential.ts";
import { readBody } from "../http/read-body.ts";

const users = z.enum(["operator-a", "operator-b", "viewer", "auditor", "support", "admin"]);
export const localUsers = users.options;

const grant = z.object({ token: z.string(), expiresAt: z.iso.datetime() });

/**
 * Signs a person in by the local identity, which knows no passwords, and out again. Only our own pages may ask, so that
 * no other site plants a session; with Clerk these routes do not exist.
 */
export async function signIn(request: Request): Promise<Response> {
  const identity = localIdentity(request);
  if (!identity) return new Response(null, { status: 404 });
  const user = users.safeParse(await chosenUser(request));
  if (!user.success) return new Response("Unknown local user.", { status: 400 });
  const session = await grantFor(user.data, identity.tokenUrl);
  if (!session)
    return new Response("The local identity does not answer. Is npm start still running?", { status: 503 });
  const expires = new Date(session.expiresAt).toUTCString();
  return leave("/dashboard", `__session=${session.token}; Expires=${expires}`);
}

export async function signOut(request: Request): Promise<Response> {
  if (!localIdentity(request)) return new Response(null, { status: 404 });
  return leave("/", "__session=; Max-Age=0");
}

async function grantFor(user: string, tokenUrl: string) {
  try {
    const answer = await fetch(tokenUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user }),
      signal: AbortSignal.timeout(5_000),
      cache: "no-store",
    });
    return grant.parse(await answer.json());
  } catch {
    return undefined;
  }
}

/** Reads the user from a small form; null for any other body. */
async function chosenUser(request: Request): Promise<string | null> {
  try {
    const form = Buffer.from(await readBody(request, 1024)).toString();
    return new URLSearchParams(form).get("user");
  } catch {
    return null;
  }
}

function localIdentity({ headers }: Request) {
  const identity = services()?.settings.identity;
  if (identity?.kind !== "local" || !headers.has("origin") || isForeign(headers, identity.origins))
    return undefined;
  return identity;
}

function leave(location: string, cookie: string) {
  return new Response(null, {
    status: 303,
    headers: {
      Location: location,
      "Set-Cookie": `${cookie}; Path=/; HttpOnly; SameSite=Lax`,
      "Cache-Control": "no-store",
    },
  });
}
