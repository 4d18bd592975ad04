import { metrics } from "@opentelemetry/api";
import type { Logger } from "@smarteros/core";

/** Counts dropped records, in a metric and in a log line `[MCP_AUDIT_DROPPED]` every 10 s at most. */
export function createLosses(logger: Logger, quietMs = 10_000) {
  const counter = metrics.getMeter("@smarteros/observability").createCounter("smarteros.audit.dropped", {
    description: "Audit records that were given up.",
  });
  let total = 0;
  let unreported = 0;
  let quiet: NodeJS.Timeout | undefined;

  function report(reason: string) {
    logger.error("MCP_AUDIT_DROPPED", { rows: unreported, total, reason });
    unreported = 0;
    quiet = setTimeout(() => {
      quiet = undefined;
      if (unreported > 0) report(reason);
    }, quietMs);
    quiet.unref();
  }

  return {
    count(rows: number, reason: string) {
      total += rows;
      unreported += rows;
      counter.add(rows, { reason });
      if (!quiet) report(reason);
    },
    /** Returns the records dropped since the start of the process. */
    total: () => total,
  };
}

export type Losses = ReturnType<typeof createLosses>;
