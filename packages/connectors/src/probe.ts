import type { Probe } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";

/** Measures a call and resolves to its result. Rejects only with errors other than `ConnectorError`, such as an abort by the caller. */
export async function probe(call: () => Promise<unknown>): Promise<Probe> {
  const started = performance.now();
  const latencyMs = () => Math.round(performance.now() - started);
  try {
    await call();
    return { ok: true, latencyMs: latencyMs() };
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    return { ok: false, latencyMs: latencyMs(), kind: thrown.kind, remedy: thrown.remedy };
  }
}
