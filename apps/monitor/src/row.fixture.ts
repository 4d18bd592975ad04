import type { HealthRow } from "./health-row.ts";

/** Creates a row as a pass does. */
export function exampleRow(index = 0): HealthRow {
  return {
    id: crypto.randomUUID(),
    service: "web",
    status: "ok",
    latency_ms: index,
    error_message: null,
    metadata: { httpStatus: 200 },
    created_at: new Date(Date.now() - 1_000_000 + index).toISOString(),
  };
}

export const exampleRows = (count: number) => Array.from({ length: count }, (_, index) => exampleRow(index));
