import type { AuditState } from "@smarteros/observability";
import { type ProbeResult, probe } from "@smarteros/observability/health";
import type { SupabaseClient } from "@smarteros/supabase";
import type { WebSettings } from "../env.ts";

export type Health = {
  ok: boolean;
  timestamp: string;
  frontend: { ok: true };
  /** Of this process: how many audit records wait to be stored, and how many were given up. */
  mcp: { enabled: boolean; audit: AuditState };
  /** For a check of the monitor from outside; absent without a service role key. It does not change `ok`. */
  monitor?: { lastPassAt: string | null };
  supabase: ProbeResult;
  backend?: { ok: boolean; validator: { health: ProbeResult; validate: ProbeResult } };
};

type Parts = {
  settings: WebSettings;
  anonymous: SupabaseClient;
  audit: () => AuditState;
  lastPass?: (() => Promise<string | null | undefined>) | undefined;
};

const keptForMs = 5_000;

/** Builds the health check: probes run in parallel, one flight at a time, and its result is cached for 5 s. */
export function healthCheck(parts: Parts): () => Promise<Health> {
  let flight: { result: Promise<Health>; endsAt: number } | undefined;
  return () => {
    if (!flight || flight.endsAt < performance.now()) {
      const result = examine(parts);
      flight = { result, endsAt: Number.POSITIVE_INFINITY };
      const current = flight;
      result.finally(() => {
        current.endsAt = performance.now() + keptForMs;
      });
    }
    return flight.result;
  };
}

async function examine({ settings, anonymous, audit, lastPass }: Parts): Promise<Health> {
  const [supabase, backend, lastPassAt] = await Promise.all([
    probe(async (signal) => {
      const { error, status } = await anonymous.rpc("ping").abortSignal(signal);
      return { ok: !error, status };
    }),
    settings.backend ? examineBackend(settings.backend.url) : undefined,
    lastPass?.(),
  ]);
  return {
    ok: supabase.ok && (backend?.ok ?? true),
    timestamp: new Date().toISOString(),
    frontend: { ok: true },
    mcp: { enabled: settings.enabled, audit: audit() },
    ...(lastPassAt === undefined ? {} : { monitor: { lastPassAt } }),
    supabase,
    ...(backend ? { backend } : {}),
  };
}

async function examineBackend(url: string): Promise<NonNullable<Health["backend"]>> {
  const base = url.replace(/\/$/, "");
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
