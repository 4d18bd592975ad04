import { createCatalog, createPipeline, createPrincipal, defineTool, lineLogger } from "@smarteros/core";
import { createRecorder } from "@smarteros/observability";
import { memoryLimiter } from "@smarteros/rate-limit";
import * as z from "zod";

/** The same schemas for our server and every peer. */
export const input = { text: z.string().max(100), count: z.int().min(0).optional() };
export const args = { text: "hola", count: 3 };

/** A tool that does nothing, defined like any tool of ours. */
export const noOp = defineTool<object>()({
  name: "bench.noop",
  description: "Do nothing.",
  requires: "read",
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  input: z.strictObject(input),
  output: z.object({ text: z.string() }),
  handler: async ({ input: { text } }) => ({ text }),
});

export const catalog = createCatalog<object>([noOp]);
export const principal = createPrincipal("user_bench", "operator");

/** Creates the whole pipeline as the hosts do; log lines go to `lines`. */
export function createBenchPipeline(lines: Parameters<typeof lineLogger>[0]) {
  const recorder = createRecorder({ logger: lineLogger(lines), lifetime: "long" });
  return createPipeline<object>({ enabled: true, catalog, limiter: memoryLimiter({ calls: 1e9 }), recorder });
}
