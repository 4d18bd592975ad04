export type ProbeResult = { ok: boolean; latencyMs: number; error?: string };

const deadline = 3_000;

/**
 * Asks one service how it is, for at most 3 s. The error is one of our words and never the service's: this is read by
 * anyone.
 */
export async function probe(
  ask: (signal: AbortSignal) => Promise<{ ok: boolean; status: number; body?: Response["body"] }>,
): Promise<ProbeResult> {
  const started = performance.now();
  const signal = AbortSignal.timeout(deadline);
  const status = await ask(signal).then(
    (answer) => {
      // An answer that nobody reads keeps its connection.
      answer.body?.cancel().catch(() => undefined);
      return answer.ok ? "ok" : answer.status;
    },
    () => 0,
  );
  const error =
    status === "ok" ? undefined : status ? `status ${status}` : signal.aborted ? "timeout" : "unreachable";
  const latencyMs = Math.round(performance.now() - started);
  return error === undefined ? { ok: true, latencyMs } : { ok: false, latencyMs, error };
}
