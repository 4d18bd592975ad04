import type { Authorization } from "../session/authorization.tsx";

/** One thing that is wrong with the arguments; `path` is dotted, empty for the whole. */
export type Issue = { path: string; message: string };

/** The state of the rate limit: `remaining` of `limit` calls until `resetsAt` (milliseconds since 1970). */
export type CallLimit = { limit: number; remaining: number; resetsAt: number };

type Success = {
  ok: true;
  result: unknown;
  /** Size of the answer in bytes of UTF-8, as it came. */
  bytes: number;
  /** The duration that the server measured. */
  durationMs: number;
};
export type Failure = {
  ok: false;
  /** A code of the contract, or `unreachable` where no response of the server arrived. */
  code: string;
  message: string;
  issues: Issue[];
  retryAfterMs?: number;
  /** Of a conflict: the tenant that is in the way. */
  existingId?: string;
  durationMs?: number;
};
export type CallOutcome = (Success | Failure) & { requestId?: string; limit?: CallLimit };

/** Calls a tool over HTTP. Never rejects: failures have a `code`; an aborted call is `cancelled`. */
export async function callTool(
  authorization: Authorization,
  { name, args, signal }: { name: string; args: unknown; signal?: AbortSignal },
): Promise<CallOutcome> {
  try {
    const response = await fetch("/api/mcp/tool", {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(await authorization()) },
      body: JSON.stringify({ name, args }),
      ...(signal ? { signal } : {}),
    });
    return outcomeOf(await response.text(), response.headers);
  } catch {
    return { ok: false, code: signal?.aborted ? "cancelled" : "unreachable", message: "", issues: [] };
  }
}

/** Parses a response of our server. Throws on any other: proxies in between may send JSON too. */
function outcomeOf(text: string, headers: Headers): CallOutcome {
  const { ok, result, error, message, meta, issues, retryAfterMs, existingId } = JSON.parse(text);
  const limit = limitOf(headers);
  const shared = {
    ...(meta?.requestId === undefined ? {} : { requestId: String(meta.requestId) }),
    ...(limit ? { limit } : {}),
  };
  const durationMs = meta?.durationMs;
  if (ok === true) return { ok, result, bytes: new Blob([text]).size, durationMs, ...shared };
  if (ok !== false || typeof error !== "string") throw new TypeError("No response of the tool endpoint.");
  return {
    ok: false,
    code: error,
    message: String(message ?? ""),
    issues: Array.isArray(issues) ? issues : [],
    durationMs,
    ...(typeof retryAfterMs === "number" ? { retryAfterMs } : {}),
    ...(typeof existingId === "string" ? { existingId } : {}),
    ...shared,
  };
}

function limitOf(headers: Headers): CallLimit | undefined {
  const [limit, remaining, reset] = ["Limit", "Remaining", "Reset"].map((field) =>
    Number(headers.get(`RateLimit-${field}`) ?? Number.NaN),
  );
  if (limit === undefined || remaining === undefined || reset === undefined || Number.isNaN(limit))
    return undefined;
  return { limit, remaining, resetsAt: Date.now() + reset * 1000 };
}
