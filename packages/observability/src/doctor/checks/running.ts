import type { Check } from "../check.ts";
import { type FindingCode, finding } from "../findings.ts";
import { isPong } from "./supabase.ts";

/** The table where workers record their heartbeat, in `seen_at`. */
export const workersTable = "provision_workers";
const workerSilentMs = 2 * 60_000;
// The monitor always probes it, and with it the table's index serves the query.
const probedAlways = "supabase";
const monitorSilentMs = 15 * 60_000;

/** Finds that no probe was stored lately. */
export const monitorCheck = recentRow({
  newest: `external_health?select=at:created_at&service=eq.${probedAlways}&order=created_at.desc&limit=1`,
  silentMs: monitorSilentMs,
  code: "monitor_silent",
});

/** Finds that no worker was seen lately. */
export const workerCheck = recentRow({
  newest: `${workersTable}?select=at:seen_at&order=seen_at.desc&limit=1`,
  silentMs: workerSilentMs,
  code: "worker_missing",
});

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
