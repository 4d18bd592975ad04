/** What a probe saw. `error` is one of our words and never the service's. */
export type ProbeResult = { ok: boolean; latencyMs: number; error?: string };

/**
 * How a service answered: its HTTP status (0 for none), whether that was well and, where the status does not tell, what
 * was wrong in our own words. A body that nobody has read is given along, to be let go.
 */
export type ProbeAnswer = { ok: boolean; status: number; error?: string; body?: Response["body"] };

/**
 * Asks one service how it is, for at most `deadlineMs` milliseconds. Never rejects: what goes wrong is an error of few
 * words (`timeout`, `unreachable`, `status 503`), fit to be read by anyone.
 */
export async function probe(
  ask: (signal: AbortSignal) => Promise<ProbeAnswer>,
  deadlineMs = 3_000,
): Promise<ProbeResult> {
  const started = performance.now();
  const signal = AbortSignal.timeout(deadlineMs);
  const error = await ask(signal).then(
    (answer) => {
      // An answer that nobody reads keeps its connection.
      answer.body?.cancel().catch(() => undefined);
      if (answer.ok) return undefined;
      return answer.error ?? (answer.status ? `status ${answer.status}` : silence(signal));
    },
    () => silence(signal),
  );
  const latencyMs = Math.round(performance.now() - started);
  return error === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, error };
}

function silence(signal: AbortSignal): string {
  return signal.aborted ? "timeout" : "unreachable";
}
