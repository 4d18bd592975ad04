import type { Probe } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";

/** Asks and says how it went; rejects with what is no `ConnectorError` alone, which is the caller's own cancelling. */
export async function probe(asked: () => Promise<unknown>): Promise<Probe> {
  const started = performance.now();
  const latencyMs = () => Math.round(performance.now() - started);
  try {
    await asked();
    return { ok: true, latencyMs: latencyMs() };
  } catch (thrown) {
    if (!ConnectorError.isInstance(thrown)) throw thrown;
    return { ok: false, latencyMs: latencyMs(), kind: thrown.kind, remedy: thrown.remedy };
  }
}
