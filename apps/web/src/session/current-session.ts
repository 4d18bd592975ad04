import { SmarterosError } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { cookies } from "next/headers";
import { redirect } from "next/navigation";
import { services } from "../app-context.ts";

/** Resolves the session of this page by its cookie; undefined for an anonymous user or one of an unknown role. */
export async function currentSession(): Promise<Session | undefined> {
  const token = (await cookies()).get("__session")?.value;
  const available = services();
  if (!token || !available) return undefined;
  try {
    return await available.verify(token);
  } catch (refusal) {
    if (!SmarterosError.isInstance(refusal)) throw refusal;
    if (refusal.code === "forbidden") redirect("/no-access");
    if (refusal.code === "unauthorized") return undefined;
    throw refusal;
  }
}

/** Resolves the session of this page; redirects anonymous users to the sign-in page. */
export async function requireSession(): Promise<Session> {
  return (await currentSession()) ?? redirect("/sign-in");
}
