import { uuidv7 } from "@smarteros/core";
import { type ProbeAnswer, probe } from "@smarteros/observability/health";
import type { HealthRow } from "./health-row.ts";

/**
 * The response of a probed service. A `complaint` marks a valid response that reports a degraded state; it is a fixed text
 * of this program. `metadata` takes only values of a fixed format from a response, such as a version number, because a
 * service must not be able to write text into the database.
 */
export type ProbeResponse = ProbeAnswer & {
  complaint?: string;
  metadata?: HealthRow["metadata"];
  /** Latency in milliseconds as measured by the client that sent the request; overrides the probe's own measurement. */
  latencyMs?: number;
};

/** A check that runs in each pass; its results are stored under the name `service`. */
export type Probe = {
  service: string;
  /** Sends the request through the given `fetch`, which follows no redirect. */
  send(options: { signal: AbortSignal; fetch: typeof fetch }): Promise<ProbeResponse>;
};

// With 200 probes, 32 of them concurrently, a pass ends within 5 s even when some probes hang.
const timeoutMs = 4_000;
const slowMs = 2_000;

/** Runs one probe with a timeout of 4 s. The status is `degraded` when the service reports it or took longer than 2 s. */
export async function runProbe({ service, send }: Probe): Promise<HealthRow> {
  const at = new Date();
  let response: ProbeResponse | undefined;
  let cause: string | undefined;
  const result = await probe(async (signal) => {
    response = await send({
      signal,
      // Following a redirect would send our key to the host that the response names.
      fetch: (input, init) =>
        fetch(input, { ...init, redirect: "manual", cache: "no-store" }).catch((thrown) => {
          cause = systemCode(thrown);
          throw thrown;
        }),
    });
    return response;
  }, timeoutMs);

  const latencyMs = response?.latencyMs ?? result.latencyMs;
  const complaint = response?.complaint ?? (latencyMs > slowMs ? "slow" : undefined);
  return {
    id: uuidv7(at.getTime()),
    service,
    status: result.ok ? (complaint ? "degraded" : "ok") : "error",
    latency_ms: latencyMs,
    error_message: (result.ok ? complaint : result.error) ?? null,
    metadata: {
      ...(response?.status ? { httpStatus: response.status } : {}),
      ...(cause && result.error === "unreachable" ? { cause } : {}),
      ...response?.metadata,
    },
    created_at: at.toISOString(),
  };
}

/** Returns Node's code of a failed connection, such as ECONNREFUSED or CERT_HAS_EXPIRED. */
function systemCode(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
