import { createHash, timingSafeEqual } from "node:crypto";
import { SmarterosError } from "@smarteros/core";
import { otherMethods, route, success } from "../../../../http/respond.ts";

/** Seconds that a host has to grant; the work ends before. */
export const maxDuration = 60;

/**
 * Works on due tasks for at most 50 s, for deployments without a worker of their own. A scheduler calls it with
 * `Authorization: Bearer <CRON_SECRET>`, as Vercel does. Concurrent calls share the work, as two workers do.
 */
export const GET = route(async (context, { settings: { cronSecret }, workDue }) => {
  const given = context.request.headers.get("authorization") ?? "";
  if (cronSecret === undefined || !isSame(given, `Bearer ${cronSecret}`))
    throw new SmarterosError("unauthorized", "This needs `Authorization: Bearer` with CRON_SECRET.");
  if (!workDue)
    throw new SmarterosError("unavailable", "This needs SUPABASE_SERVICE_ROLE_KEY in the settings.");
  const startedAt = performance.now();
  const tasks = await workDue();
  return success(context, { tasks }, Math.round(performance.now() - startedAt));
});

export const { OPTIONS, POST, PUT, PATCH, DELETE } = otherMethods("GET", "OPTIONS");

/** Compares in a time that says nothing about the secret. */
function isSame(given: string, wanted: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(wanted));
}
