import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/**
 * Starts a link to an HTTP server on this machine that can be cut: connections stay open, new ones are accepted, and no byte
 * passes in either direction, as when a host loses its network. Requests carry the host of the server.
 */
export async function cuttableLink(target: string) {
  const { host, hostname, port } = new URL(target);
  const toServer = (bytes: Buffer) => bytes.toString("latin1").replace(/^host: .*$/im, `host: ${host}`);
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.on("close", () => sockets.delete(socket));
      if (isCut) socket.pause();
    }
    near.on("data", (bytes) => far.write(toServer(bytes), "latin1"));
    far.on("data", (bytes) => near.write(bytes));
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    if (isCut) for (const socket of [near, far]) socket.pause();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.pause();
    },
    restore() {
      isCut = false;
      for (const socket of sockets) socket.resume();
    },
    stop() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
