import { withoutTrailingSlash } from "@smarteros/core/settings";
import type { Subject } from "./subject.ts";

/** The reply to one request; `skewMs` is how far the other clock, by its Date header, is ahead of this one. */
export type Reply = { status: number; body: unknown; skewMs?: number | undefined };

export type ProbeOptions = {
  fetch?: typeof globalThis.fetch;
  /** Unix milliseconds. */
  now?: () => number;
  /** Milliseconds that one request may take; 4 000 by default. */
  timeoutMs?: number;
};

export type Probes = ReturnType<typeof createProbes>;

/** Builds the requests that checks share; each is sent once, when a check first needs it. */
export function createProbes(
  subject: Subject,
  { fetch = globalThis.fetch, now = Date.now, timeoutMs = 4_000 }: ProbeOptions,
) {
  /** Sends one request; resolves to undefined where nothing responds in time. Follows no redirect. */
  async function ask(url: string, init: RequestInit = {}): Promise<Reply | undefined> {
    const sentAt = now();
    try {
      const signal = AbortSignal.timeout(timeoutMs);
      const response = await fetch(url, { ...init, signal, redirect: "manual", cache: "no-store" });
      const text = await response.text();
      return { status: response.status, body: parse(text), skewMs: skew(response, sentAt, now()) };
    } catch {
      return undefined;
    }
  }

  const base = subject.supabase && withoutTrailingSlash(subject.supabase.url);
  /** One request to Supabase's REST API with a key, as the bearer of a token where one is given. */
  function rest(path: string, key: string, bearer = key): Promise<Reply | undefined> {
    const method = path.startsWith("rpc/") ? "POST" : "GET";
    const headers = { apikey: key, Authorization: `Bearer ${bearer}` };
    return ask(`${base}/rest/v1/${path}`, { method, headers });
  }

  const backend = subject.backend && withoutTrailingSlash(subject.backend.url);
  return {
    now,
    ask,
    rest,
    /** `ping()` with the publishable key. */
    supabase: once(async () => {
      const key = subject.supabase?.publishableKey;
      return base && key ? rest("rpc/ping", key) : undefined;
    }),
    /** `ping()` with the service role key. */
    service: once(async () => {
      const key = subject.supabase?.serviceRoleKey;
      return base && key ? rest("rpc/ping", key) : undefined;
    }),
    backend: once(async () => (backend ? ask(`${backend}/health`) : undefined)),
    database: once(async () => subject.database?.read()),
  };
}

function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let result: Promise<Value> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// The header counts whole seconds, so that half a second is its middle; of the time on the way, half.
function skew({ headers }: Response, sentAt: number, receivedAt: number): number | undefined {
  const date = Date.parse(headers.get("date") ?? "");
  return Number.isNaN(date) ? undefined : date + 500 - (sentAt + receivedAt) / 2;
}
