import type { PassReport } from "./pass.ts";

/** Formats a pass as one line of JSON. */
export function asJson({ results, ...rest }: PassReport): string {
  return JSON.stringify({
    ...rest,
    results: results.map((row) => ({
      service: row.service,
      status: row.status,
      latencyMs: row.latency_ms,
      ...(row.error_message === null ? {} : { error: row.error_message }),
      metadata: row.metadata,
    })),
  });
}

/** Formats a pass as a plain-text table. */
export function asTable(report: PassReport): string {
  const { results, stored, partitions, rollUp, timeline, retention, seals, alerts } = report;
  const width = Math.max(...results.map(({ service }) => service.length));
  const lines = results.map(({ service, status, latency_ms, error_message, metadata }) => {
    const why = [error_message, metadata.cause && `(${metadata.cause})`].filter(Boolean).join(" ");
    return `${service.padEnd(width)}  ${status.padEnd(8)}  ${String(latency_ms).padStart(5)} ms  ${why}`.trimEnd();
  });
  if (!stored) lines.push("not stored: the log says why");
  if (partitions === "failed") lines.push("the audit log's partitions could not be made: the log says why");
  if (rollUp === "failed") lines.push("the calls could not be counted: the log says why");
  if (timeline === "failed") lines.push("what was seen could not be counted: the log says why");
  if (retention === "failed") lines.push("what is too old could not be dropped: the log says why");
  if (seals === "failed") lines.push("the audit log could not be sealed: the log says why");
  if (alerts === "failed") lines.push("the alerts could not be judged or told: the log says why");
  return lines.join("\n");
}

/** Prints a pass as a table, only when a status or a failed job differs from the previous pass. */
export function printOnChange(print: (text: string) => void): (report: PassReport) => void {
  let last: string | undefined;
  return (report) => {
    const { at, results, stored, partitions, ...jobs } = report;
    const failed = [partitions, jobs.rollUp, jobs.timeline, jobs.retention, jobs.seals, jobs.alerts].map(
      (state) => state === "failed",
    );
    const state = JSON.stringify([results.map(({ status }) => status), stored, failed]);
    if (state !== last) print(`${at}\n${asTable(report)}`);
    last = state;
  };
}
