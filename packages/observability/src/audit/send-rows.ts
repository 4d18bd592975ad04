import { type AuditStore, type Logger, SmarterosError, type StoredInvocation } from "@smarteros/core";
import { redactCause } from "../redact.ts";
import type { Losses } from "./losses.ts";

const mostRows = 500;
const mostBytes = 1_048_576;

/** Rows in a text of JSON lines, in pieces that a store takes at once, and how many lines hold none. */
export function readRows(text: string): { pieces: StoredInvocation[][]; rows: number; unreadable: number } {
  const pieces: StoredInvocation[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  let rows = 0;
  let unreadable = 0;
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const row = parseRow(line);
    if (!row) {
      unreadable += 1;
      continue;
    }
    bytes += line.length;
    const piece = pieces.at(-1);
    if (piece && piece.length < mostRows && bytes <= mostBytes) piece.push(row);
    else {
      pieces.push([row]);
      bytes = line.length;
    }
    rows += 1;
  }
  return { pieces, rows, unreadable };
}

// A crash may tear the last line. What else a row has to be the database knows.
function parseRow(line: string): StoredInvocation | undefined {
  try {
    const row: unknown = JSON.parse(line);
    if (typeof row !== "object" || row === null || !("id" in row) || !("createdAt" in row)) return undefined;
    const createdAt = new Date(String(row.createdAt));
    return Number.isNaN(createdAt.getTime()) ? undefined : ({ ...row, createdAt } as StoredInvocation);
  } catch {
    return undefined;
  }
}

/**
 * Stores rows but for those that the database will never take, which must not keep the others waiting for ever. Rejects
 * when it could not be reached.
 */
export async function sendRows(
  rows: StoredInvocation[],
  to: { store: AuditStore; losses: Losses; logger: Logger },
): Promise<void> {
  try {
    await to.store.insert(rows);
  } catch (cause) {
    if (!SmarterosError.isInstance(cause) || cause.code !== "invalid_input") throw cause;
    const [only] = rows;
    if (rows.length > 1) {
      const half = Math.ceil(rows.length / 2);
      await sendRows(rows.slice(0, half), to);
      await sendRows(rows.slice(half), to);
    } else if (only) {
      const { id, requestId, tool } = only;
      to.logger.error("MCP_AUDIT_LOST", { id, requestId, tool, cause: redactCause(cause) });
      to.losses.count(1, "refused");
    }
  }
}
