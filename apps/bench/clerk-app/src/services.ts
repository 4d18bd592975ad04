import { metrics } from "@opentelemetry/api";
import { lineLogger } from "@smarteros/core";
import { sessionVerifier } from "@smarteros/identity";
import { memoryLimiter } from "@smarteros/rate-limit";
import type { CallServices } from "@smarteros/web/call-tool";
import { createBenchPipeline } from "../../src/no-op.ts";

let made: CallServices<object> | undefined;

/** Creates the web app's services with the no-op tool instead of the tenant tools; nothing is stored. */
export function services(): CallServices<object> {
  made ??= compose();
  return made;
}

function compose(): CallServices<object> {
  const quiet = { info: () => undefined, error: () => undefined };
  const origins = [process.env.BENCH_ORIGIN ?? ""];
  const issuer = { issuer: process.env.BENCH_ISSUER ?? "", key: { pem: process.env.BENCH_JWT_KEY ?? "" } };
  return {
    settings: { enabled: true, identity: { ...issuer, origins }, trustedProxyHops: 0 },
    logger: lineLogger(quiet),
    limiter: memoryLimiter({ calls: 1e9 }),
    limits: { refusals: memoryLimiter({ calls: 30 }) },
    refusals: metrics.getMeter("bench").createCounter("refusals"),
    verify: sessionVerifier({ ...issuer, origins }),
    pipeline: createBenchPipeline(quiet),
    forUser: () => ({ ports: {}, audit: undefined }),
  };
}
