import { spawn } from "node:child_process";
import { once } from "node:events";

const initialize = {
  jsonrpc: "2.0",
  id: 0,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "bench", version: "1" } },
};

/** Starts a stdio server with plain pipes, so that the client's cost is the same for every server. */
export async function startPeer(program: string, environment: Record<string, string> = {}) {
  const started = performance.now();
  const child = spawn(process.execPath, [program], {
    env: { NODE_ENV: "production", ...environment },
    stdio: ["pipe", "pipe", "ignore"],
  });
  let seen = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let arrived: () => void = () => undefined;
  child.stdout.on("data", (chunk: Buffer) => {
    for (const byte of chunk) if (byte === 10) seen += 1;
    if (seen >= wanted) arrived();
  });
  const responses = (count: number) =>
    new Promise<void>((resolve) => {
      wanted = count;
      arrived = resolve;
      if (seen >= wanted) resolve();
    });

  child.stdin.write(`${JSON.stringify(initialize)}\n`);
  await responses(1);
  const startMs = performance.now() - started;
  child.stdin.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  let next = 1;
  const call = (name: string, args: object) =>
    `${JSON.stringify({ jsonrpc: "2.0", id: next++, method: "tools/call", params: { name, arguments: args } })}\n`;

  return {
    startMs,
    /** Returns calls per second, sequentially. */
    async oneAtATime(count: number, name: string, args: object): Promise<number> {
      const from = performance.now();
      for (let index = 0; index < count; index++) {
        child.stdin.write(call(name, args));
        await responses(seen + 1);
      }
      return (count * 1_000) / (performance.now() - from);
    },
    /** Returns calls per second, all of them sent before the first response. */
    async piped(count: number, name: string, args: object): Promise<number> {
      const from = performance.now();
      const target = seen + count;
      child.stdin.write(Array.from({ length: count }, () => call(name, args)).join(""));
      await responses(target);
      return (count * 1_000) / (performance.now() - from);
    },
    async stop() {
      // A client ends a server by closing its input.
      child.stdin.end();
      const force = setTimeout(() => child.kill("SIGKILL"), 2_000);
      await once(child, "exit");
      clearTimeout(force);
    },
  };
}
