import { type AuditStore, SmarterosError, type StoredIntent, type StoredInvocation } from "@smarteros/core";
import { type DatabaseError, databaseError, type Json, type SupabaseClient } from "@smarteros/supabase";
import * as z from "zod";

export { supabaseCallCounts } from "../analytics/supabase.ts";
export { supabaseHealthLog } from "../health/supabase.ts";
export { supabaseCallLog } from "./call-log.ts";

/** A host with the service role: its catalog's tools, and the settings that SQL enforces as well. */
export type Host = { tools: string[]; settings: Record<string, unknown> };

/** Registers the tools of a host, so that self-reported rows may name them, and stores its settings. */
export async function announceHost(client: SupabaseClient, { tools, settings }: Host): Promise<void> {
  check(await client.rpc("register_tools", { p_names: tools }));
  if (Object.keys(settings).length > 0)
    check(await client.rpc("configure", { p_settings: settings as Json }));
}

/**
 * Stores records as the service role: rows of any principal, marked `service`. Announces the host after the first rows,
 * and until that has succeeded after the next ones.
 */
export function serviceAuditStore(client: SupabaseClient, host?: () => Host): AuditStore {
  let isAnnounced = host === undefined;
  return {
    async insert(records) {
      check(await client.rpc("record_invocations", { p_rows: records.map(invocationRow) }));
      if (isAnnounced || !host) return;
      isAnnounced = true;
      // The rows are stored: a failure of the announcement must not send them again.
      await announceHost(client, host()).catch(() => {
        isAnnounced = false;
      });
    },
    intend: async (intent) => check(await client.rpc("record_intent", { p_intent: intentRow(intent) })),
  };
}

const selfReport = z.object({
  stored: z.number(),
  skipped: z.array(z.object({ row: z.number(), field: z.string(), problem: z.string() })),
});

/**
 * Stores records as a user, for a host without the service role key: the database sets user and time itself, marks them
 * `self` and leaves out what it does not know. They must be written while the token is valid. `insert` rejects with
 * `invalid_input` when the database skipped a record; the others are stored.
 */
export function selfAuditStore(client: SupabaseClient): AuditStore {
  return {
    async insert(records) {
      const response = await client.rpc("record_my_invocations", { p_rows: records.map(invocationRow) });
      check(response);
      const [skipped] = selfReport.parse(response.data).skipped;
      if (skipped) {
        const cause = new Error(`database: row ${skipped.row}, ${skipped.field || "row"} ${skipped.problem}`);
        throw new SmarterosError("invalid_input", "The database refuses this record.", {}, { cause });
      }
    },
    intend: async (intent) => check(await client.rpc("record_my_intent", { p_intent: intentRow(intent) })),
  };
}

// Appendix A of the PostgreSQL manual: class 22 is invalid data, 23 a constraint. Rows refused for those will be refused
// again; any other failure may be temporary.
function check({ error, status }: { error: DatabaseError | null; status: number }) {
  if (!error) return;
  const cause = databaseError(error, status);
  if (error.code === limitReached) throw tooManyReports(cause);
  if (!/^2[23]/.test(error.code ?? "") && status !== 413) throw cause;
  throw new SmarterosError("invalid_input", "The database refuses this record.", {}, { cause });
}

// Raised by record_my_intent for a user at the maximum of rows per hour.
const limitReached = "53400";
const hourMs = 3_600_000;

function tooManyReports(cause: Error) {
  return new SmarterosError(
    "rate_limited",
    "You have recorded as many calls as one user may in an hour. Try again in the next one.",
    { retryAfterMs: hourMs - (Date.now() % hourMs) },
    { cause },
  );
}

function invocationRow(record: StoredInvocation) {
  return {
    id: record.id,
    user_id: record.userId,
    tool: record.tool,
    args: record.args,
    result: record.result,
    duration_ms: record.durationMs,
    success: record.success,
    created_at: record.createdAt.toISOString(),
    transport: record.transport,
    tenant_id: record.tenantId ?? null,
    code: record.code,
    request_id: record.requestId,
    trace_id: record.traceId ?? null,
    redacted: record.redacted,
    calls: record.calls,
  };
}

function intentRow(intent: StoredIntent) {
  return {
    id: intent.id,
    user_id: intent.userId,
    tool: intent.tool,
    tenant_id: intent.tenantId ?? null,
    args: intent.args,
    request_id: intent.requestId,
    created_at: intent.createdAt.toISOString(),
  };
}
