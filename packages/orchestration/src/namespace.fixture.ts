import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { connect, createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

// A Linux network namespace of its own for a process, as a host of its own has: no port of this machine can be reached in
// it. Sockets of the file system lead out, one per server, and the process listens for itself on the same ports.

const unshare = ["unshare", "--user", "--map-root-user", "--net"];

/** The command line that runs `node` with the arguments after it in a new namespace. */
export const inNamespace = [...unshare, "sh", "-c", 'ip link set lo up && exec "$@"', "sh", process.execPath];
/** Returns why this machine offers no network namespaces, or undefined where it does. */
export function noNamespaces(): string | undefined {
  const [command = "", ...args] = unshare;
  const tried = spawnSync(command, [...args, "ip", "link", "set", "lo", "up"], { encoding: "utf8" });
  return tried.status === 0
    ? undefined
    : `no network namespaces: ${tried.error?.message ?? tried.stderr.trim()}`;
}

/** Opens ways to servers of this machine, for processes in namespaces of their own. */
export async function waysTo(urls: string[]) {
  const ports = urls.map((url) => Number(new URL(url).port));
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-ways-"));
  const servers = await Promise.all(
    ports.map(async (port) => {
      const server = passTo(() => connect(port, "127.0.0.1"));
      await new Promise<void>((resolve) => server.listen(path.join(folder, String(port)), resolve));
      return server;
    }),
  );
  return {
    /** Names the sockets to the process, which passes them to `openWays`. */
    folder,
    close() {
      for (const server of servers) server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Listens in a namespace on the ports that the sockets of a folder are named after, and passes connections on to them. */
export async function openWays(folder: string): Promise<void> {
  for (const port of readdirSync(folder))
    await new Promise<void>((resolve) =>
      passTo(() => connect(path.join(folder, port))).listen(Number(port), "127.0.0.1", resolve),
    );
}

function passTo(open: () => Socket): Server {
  return createServer((near) => {
    const far = open();
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) socket.on("error", () => void [near, far].map((end) => end.destroy()));
  });
}

/** Takes the network of a process's namespace down or up: its connections stay open, and no packet passes. */
export function setNetwork(pid: number, state: "up" | "down"): void {
  const enter = ["--target", String(pid), "--user", "--preserve-credentials", "--net"];
  const { status, stderr } = spawnSync("nsenter", [...enter, "ip", "link", "set", "lo", state], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`The network stays as it was: ${stderr}`);
}
