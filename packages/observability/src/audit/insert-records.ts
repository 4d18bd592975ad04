import { type AuditStore, type Logger, SmarterosError, type StoredInvocation } from "@smarteros/core";
import { insertRows } from "../disk-buffer/insert-rows.ts";
import { redactCause } from "../redact.ts";
import type { Losses } from "./losses.ts";

/** Returns a parsed line as a record; undefined where it is none. The database checks what else a record needs. */
export function parseRecord(value: unknown): StoredInvocation | undefined {
  if (typeof value !== "object" || value === null || !("id" in value) || !("createdAt" in value))
    return undefined;
  const createdAt = new Date(String(value.createdAt));
  return Number.isNaN(createdAt.getTime()) ? undefined : ({ ...value, createdAt } as StoredInvocation);
}

/** Stores records, and counts as lost those that the database will never accept. Rejects where it could not be reached. */
export async function insertRecords(
  records: StoredInvocation[],
  { store, losses, logger }: { store: AuditStore; losses: Losses; logger: Logger },
): Promise<void> {
  await insertRows(records, {
    async insert(rows) {
      try {
        await store.insert(rows);
        return undefined;
      } catch (cause) {
        if (!SmarterosError.isInstance(cause) || cause.code !== "invalid_input") throw cause;
        return { cause };
      }
    },
    onRefused({ id, requestId, tool }, cause) {
      logger.error("MCP_AUDIT_LOST", { id, requestId, tool, cause: redactCause(cause) });
      losses.count(1, "refused");
    },
  });
}
