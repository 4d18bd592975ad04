import { uuidv7 } from "@smarteros/core";
import { type ProbeAnswer, probe } from "@smarteros/observability/health";
import type { HealthRow } from "./health-row.ts";

/**
 * How a service answered. With `complaint`, in our words, it did answer as it should, but to say that it is not well.
 * Nothing of an answer may be copied into `metadata` unless its form leaves no room for a text.
 */
export type Answer = ProbeAnswer & {
  complaint?: string;
  metadata?: HealthRow["metadata"];
  /** Where the answer was measured by whoever asked for it. */
  latencyMs?: number;
};

/** Something that is looked at in each pass, by the name under which it is stored. */
export type Probe = {
  service: string;
  /** Asks. Its requests go through the fetch it is given, which follows no redirect. */
  ask(means: { signal: AbortSignal; fetch: typeof fetch }): Promise<Answer>;
};

// With 200 probes, 32 at once, a pass is over within 5 s though some of them hang.
const deadlineMs = 4_000;
const slowMs = 2_000;

/** Looks at one service, for at most 4 s: `degraded` is one that says so itself or that took longer than 2 s. */
export async function examine({ service, ask }: Probe): Promise<HealthRow> {
  const at = new Date();
  let answer: Answer | undefined;
  let cause: string | undefined;
  const result = await probe(async (signal) => {
    answer = await ask({
      signal,
      // A redirect would carry our key to wherever an answer says.
      fetch: (input, init) =>
        fetch(input, { ...init, redirect: "manual", cache: "no-store" }).catch((thrown) => {
          cause = systemCode(thrown);
          throw thrown;
        }),
    });
    return answer;
  }, deadlineMs);

  const latencyMs = answer?.latencyMs ?? result.latencyMs;
  const complaint = answer?.complaint ?? (latencyMs > slowMs ? "slow" : undefined);
  return {
    id: uuidv7(at.getTime()),
    service,
    status: result.ok ? (complaint ? "degraded" : "ok") : "error",
    latency_ms: latencyMs,
    error_message: (result.ok ? complaint : result.error) ?? null,
    metadata: {
      ...(answer?.status ? { httpStatus: answer.status } : {}),
      ...(cause && result.error === "unreachable" ? { cause } : {}),
      ...answer?.metadata,
    },
    created_at: at.toISOString(),
  };
}

/** The code of a failed connection, such as ECONNREFUSED or CERT_HAS_EXPIRED: Node's word, not the service's. */
function systemCode(thrown: unknown): string | undefined {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  return typeof code === "string" && /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : undefined;
}
