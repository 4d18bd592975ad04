import { createServer } from "node:net";

/** A TCP port of the loopback interface that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error("No TCP port is free on 127.0.0.1.");
  return port;
}

/** Whether somebody else already listens on this port of the loopback interface. */
export async function isPortTaken(port: number): Promise<boolean> {
  return (await listenOnce(port)) === undefined;
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
