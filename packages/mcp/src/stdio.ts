import type { Readable, Writable } from "node:stream";
import { LineTransport } from "./line-transport.ts";
import type { McpServer } from "./server.ts";

/** Milliseconds that calls in flight may still take once a client has closed our input. */
const graceMs = 5_000;

/**
 * Serves one client over a pair of streams until it is done. Calls in flight are finished where the client has only closed
 * its input, as a script does that pipes its requests in, and are cancelled where `stop` aborts or the output is closed.
 */
export async function serveStdio(
  { server, idle }: McpServer,
  streams: { input: Readable; output: Writable },
  stop: AbortSignal,
): Promise<void> {
  const { input, output } = streams;
  const inputClosed = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  input.once("end", inputClosed.resolve);
  input.once("close", inputClosed.resolve);
  output.once("error", () => over.resolve());
  stop.addEventListener("abort", () => over.resolve(), { once: true });

  const transport = new LineTransport(input, output);
  await server.connect(transport);
  server.onclose = over.resolve;
  inputClosed.promise.then(async () => {
    const timeout = setTimeout(over.resolve, graceMs);
    await idle();
    clearTimeout(timeout);
    over.resolve();
  });
  await over.promise;
  await server.close();
}
