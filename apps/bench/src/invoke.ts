import { compare, interleaved } from "./measure.ts";
import { args, createBenchPipeline, noOp, principal } from "./no-op.ts";
import { type Size, sized } from "./size.ts";

/**
 * Measures the pipeline's overhead over a handler that does nothing: limit, capability, input, deadline, output, span,
 * log line.
 */
export async function invoke(size: Size) {
  const calls = sized(size, 5_000, 100);
  const pipeline = createBenchPipeline({ info: () => undefined, error: () => undefined });
  const call = { principal, requestId: "r", invocationId: "i", signal: new AbortController().signal };
  const through = () =>
    microseconds(calls, () =>
      pipeline.invoke({ name: "bench.noop", args, principal, ports: {}, transport: "http", requestId: "r" }),
    );
  const direct = () => microseconds(calls, () => noOp.handler({ input: args, call, ports: {} }));
  const [whole, bare] = await interleaved(sized(size, 15, 1), through, direct);
  const added = whole - bare;
  return [
    compare("invoke: added to a no-op handler", "µs", [added, bare], "the handler alone", {
      better: "lower",
      atMost: 15,
      of: "value",
    }),
  ];
}

async function microseconds(calls: number, work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  for (let call = 0; call < calls; call++) await work();
  return ((performance.now() - started) * 1_000) / calls;
}
