import { isKeyRefused } from "@smarteros/supabase";
import type { Check } from "../check.ts";
import { type Finding, finding } from "../findings.ts";
import type { Reply } from "../probes.ts";

/** Calls `ping()` with the publishable key. */
export const supabaseCheck: Check = async ({ supabase }, probes) => {
  if (!supabase?.publishableKey) return undefined;
  const reply = await probes.supabase();
  if (!reply) return [finding("supabase_unreachable")];
  if (isRefused(reply)) return [finding("supabase_key_refused")];
  if (isPong(reply)) return [];
  return [codeOf(reply) ? refusal(reply) : finding("supabase_not_an_api")];
};

/** Calls `ping()` with the service role key. What else is wrong is found with the publishable key. */
export const serviceKeyCheck: Check = async ({ supabase }, probes) => {
  if (!supabase || supabase.serviceRoleKey === null) return undefined;
  if (!supabase.serviceRoleKey) return [finding("service_key_missing")];
  const reply = await probes.service();
  if (reply && isRefused(reply)) return [finding("service_key_refused")];
  return isPong(reply) ? [] : undefined;
};

// PGRST202: PostgREST's schema cache has no such function.
function refusal(reply: Reply): Finding {
  if (codeOf(reply) === "PGRST202") return finding("schema_missing");
  // Without a gateway, PostgREST itself refuses a key that is a JWT.
  if (reply.status === 401) return finding("supabase_key_refused");
  return finding("supabase_failing", { status: reply.status });
}

/** Returns whether a reply is that of `ping()`: a website responds 200 to anything. */
export function isPong(reply: Reply | undefined): boolean {
  return reply?.status === 200 && reply.body === true;
}

/** PostgREST's code or the SQLSTATE of a refusal; undefined where it is neither's. */
function codeOf({ body }: Reply): string | undefined {
  if (typeof body !== "object" || body === null || !("code" in body)) return undefined;
  return typeof body.code === "string" && body.code !== "" ? body.code : undefined;
}

const message = (body: unknown) => typeof body === "object" && body !== null && "message" in body;

// Any server may respond 401; the gateway's has a message.
function isRefused(reply: Reply): boolean {
  const code = codeOf(reply);
  return message(reply.body) && isKeyRefused(code === undefined ? {} : { code }, reply.status);
}
