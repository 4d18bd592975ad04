import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** A TCP port of the loopback interface that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("No TCP port is free on 127.0.0.1.");
  return port;
}

/** Whether nobody listens on this port of the loopback interface, or stops to within so many milliseconds. */
export async function becomesFree(port: number, patience: number): Promise<boolean> {
  for (const end = Date.now() + patience; ; ) {
    // biome-ignore lint/performance/noAwaitInLoops: polls until the other side has let go.
    if ((await listenOnce(port)) !== undefined) return true;
    if (Date.now() >= end) return false;
    await sleep(100);
  }
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) =>
      error.code === "EADDRINUSE" ? resolve(undefined) : reject(error),
    );
    server.listen(port, "127.0.0.1", () => {
      const address = server.address();
      server.close(() => resolve(typeof address === "object" ? address?.port : undefined));
    });
  });
}
