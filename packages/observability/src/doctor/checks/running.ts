import type { Check } from "../check.ts";
import { type FindingCode, finding } from "../findings.ts";
import type { Reply } from "../probes.ts";
import { isPong } from "./supabase.ts";

const workerSilentSeconds = 2 * 60;
// The monitor always probes it, and with it the table's index serves the query.
const probedAlways = "supabase";
const monitorSilentMs = 15 * 60_000;

/** Finds that no probe was stored lately. */
export const monitorCheck = recentRow({
  newest: `external_health?select=at:created_at&service=eq.${probedAlways}&order=created_at.desc&limit=1`,
  silentMs: monitorSilentMs,
  code: "monitor_silent",
});

/** Finds that no worker has reported lately, with the service role key or as the user of the session token. */
export const workerCheck: Check = async ({ supabase, sessionToken }, probes) => {
  const { serviceRoleKey, publishableKey } = supabase ?? {};
  const silence = "rpc/worker_silence";
  let reply: Reply | undefined;
  if (serviceRoleKey && isPong(await probes.service())) reply = await probes.rest(silence, serviceRoleKey);
  else if (publishableKey && sessionToken && isPong(await probes.supabase()))
    reply = await probes.rest(silence, publishableKey, sessionToken);
  if (reply?.status !== 200) return undefined;
  const isThere = typeof reply.body === "number" && reply.body <= workerSilentSeconds;
  return isThere ? [] : [finding("worker_missing")];
};

const shownEvents = 100;

/** Finds changes of tenants that failed too often to be tried again. */
export const eventsCheck: Check = async ({ supabase }, probes) => {
  const key = supabase?.serviceRoleKey;
  if (!key || !isPong(await probes.service())) return undefined;
  const exhausted = `tenant_events?select=id&processed_at=is.null&attempts=gte.5&limit=${shownEvents + 1}`;
  const reply = await probes.rest(exhausted, key);
  if (reply?.status !== 200 || !Array.isArray(reply.body)) return undefined;
  const { length } = reply.body;
  if (length === 0) return [];
  return [finding("events_exhausted", { count: length > shownEvents ? `more than ${shownEvents}` : length })];
};

function recentRow({
  newest,
  silentMs,
  code,
}: {
  newest: string;
  silentMs: number;
  code: FindingCode;
}): Check {
  return async ({ supabase }, probes) => {
    const key = supabase?.serviceRoleKey;
    if (!key || !isPong(await probes.service())) return undefined;
    const reply = await probes.rest(newest, key);
    if (reply?.status !== 200 || !Array.isArray(reply.body)) return undefined;
    const [row] = reply.body as { at?: unknown }[];
    const at = typeof row?.at === "string" ? Date.parse(row.at) : Number.NEGATIVE_INFINITY;
    return probes.now() - at > silentMs ? [finding(code)] : [];
  };
}
