/** The result of a probe. `error` is a fixed text, never the service's. */
export type ProbeResult = { ok: boolean; latencyMs: number; error?: string };

/**
 * A service's response: its HTTP status (0 for none), whether that is healthy and, where the status does not show it, a
 * fixed text of what is wrong. An unread body is passed on, to be cancelled.
 */
export type ProbeAnswer = { ok: boolean; status: number; error?: string; body?: Response["body"] };

/**
 * Probes one service within `deadlineMs` milliseconds. Never rejects: a failure is a short error (`timeout`, `unreachable`,
 * `status 503`) that holds nothing secret.
 */
export async function probe(
  ask: (signal: AbortSignal) => Promise<ProbeAnswer>,
  deadlineMs = 3_000,
): Promise<ProbeResult> {
  const started = performance.now();
  const signal = AbortSignal.timeout(deadlineMs);
  const error = await ask(signal).then(
    (response) => {
      // An unread body would hold its connection.
      response.body?.cancel().catch(() => undefined);
      if (response.ok) return undefined;
      return response.error ?? (response.status ? `status ${response.status}` : silence(signal));
    },
    () => silence(signal),
  );
  const latencyMs = Math.round(performance.now() - started);
  return error === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, error };
}

function silence(signal: AbortSignal): string {
  return signal.aborted ? "timeout" : "unreachable";
}
