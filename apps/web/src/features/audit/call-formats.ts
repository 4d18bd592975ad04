import type { RecordedCall } from "@smarteros/observability";

/** The format of a file of calls: its first line, and one line per call. */
export type CallFormat = { contentType: string; head: string; line: (call: RecordedCall) => string };

const columns = [
  "id",
  "at",
  "userId",
  "tool",
  "tenantId",
  "code",
  "success",
  "durationMs",
  "calls",
  "transport",
  "requestId",
  "traceId",
  "recordedBy",
  "redacted",
  "args",
  "result",
] as const satisfies (keyof RecordedCall)[];

export const callFormats: Record<string, CallFormat> = {
  ndjson: {
    contentType: "application/x-ndjson; charset=utf-8",
    head: "",
    line: (call) => `${JSON.stringify(call)}\n`,
  },
  csv: {
    contentType: "text/csv; charset=utf-8",
    // The mark by which spreadsheets know UTF-8.
    head: `\ufeff${columns.join(",")}\r\n`,
    line: (call) => `${columns.map((column) => field(call[column])).join(",")}\r\n`,
  },
};

/** One field of RFC 4180. A spreadsheet would run what begins like a formula: an apostrophe makes it a text (OWASP). */
function field(value: unknown): string {
  const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
  const safe = /^[=+\-@\t\r\n]/.test(text) && typeof value !== "number" ? `'${text}` : text;
  return `"${safe.replaceAll('"', '""')}"`;
}
