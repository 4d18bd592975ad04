import { cached } from "@smarteros/core/cached";
import { withoutTrailingSlash } from "@smarteros/core/settings";
import type { AuditState } from "@smarteros/observability";
import { type ProbeAnswer, type ProbeResult, probe } from "@smarteros/observability/health";
import type { WebSettings } from "../env.ts";

export type Health = {
  ok: boolean;
  timestamp: string;
  frontend: { ok: true };
  /** Of this process: how many audit records wait to be stored, and how many were given up. */
  mcp: { enabled: boolean; audit: AuditState };
  /** For a check of the monitor from outside; absent without a service role key. It does not change `ok`. */
  monitor?: { lastPassAt: string | null };
  /** Whether a worker of the queue has reported within two minutes; absent as `monitor` is. It does not change `ok`. */
  workers?: { ok: true } | { ok: false; notice: string };
  supabase: ProbeResult;
  backend?: { ok: boolean; validator: { health: ProbeResult; validate: ProbeResult } };
};

type Parts = {
  settings: WebSettings;
  /** Pings the database. */
  ping: (signal: AbortSignal) => Promise<ProbeAnswer>;
  audit: () => AuditState;
  lastPass?: (() => Promise<string | null | undefined>) | undefined;
  /** Resolves to what to say where no worker has reported for two minutes. */
  workerNotice?: ((signal: AbortSignal) => Promise<string | undefined>) | undefined;
};

const ttlMs = 5_000;
const workersTimeoutMs = 3_000;

/** Builds the health check: probes run in parallel, one flight at a time, and its result is cached for 5 s. */
export const healthCheck = (parts: Parts): (() => Promise<Health>) => cached(() => check(parts), ttlMs);

async function check({ settings, ping, audit, lastPass, workerNotice }: Parts): Promise<Health> {
  const [supabase, backend, lastPassAt, workers] = await Promise.all([
    probe(ping),
    settings.backend ? probeBackend(settings.backend.url) : undefined,
    lastPass?.(),
    workerNotice && readWorkers(workerNotice),
  ]);
  return {
    ok: supabase.ok && (backend?.ok ?? true),
    timestamp: new Date().toISOString(),
    frontend: { ok: true },
    mcp: { enabled: settings.enabled, audit: audit() },
    ...(lastPassAt === undefined ? {} : { monitor: { lastPassAt } }),
    ...(workers ? { workers } : {}),
    supabase,
    ...(backend ? { backend } : {}),
  };
}

/** Resolves to undefined where the database does not respond, which the probe of it reports. */
function readWorkers(read: (signal: AbortSignal) => Promise<string | undefined>): Promise<Health["workers"]> {
  return read(AbortSignal.timeout(workersTimeoutMs)).then(
    (notice) => (notice === undefined ? { ok: true } : { ok: false, notice }),
    () => undefined,
  );
}

async function probeBackend(url: string): Promise<NonNullable<Health["backend"]>> {
  const base = withoutTrailingSlash(url);
  const [health, validate] = await Promise.all([
    probe((signal) => fetch(`${base}/health`, { signal, redirect: "manual", cache: "no-store" })),
    probe((signal) =>
      fetch(`${base}/validate`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ ping: true }),
        signal,
        redirect: "manual",
        cache: "no-store",
      }),
    ),
  ]);
  return { ok: health.ok && validate.ok, validator: { health, validate } };
}
