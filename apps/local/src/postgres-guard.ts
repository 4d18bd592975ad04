import { spawn } from "node:child_process";

// Waits until its standard input closes, which the kernel does when we die in whatever way, and asks Postgres to
// stop unless we said good-bye. The pid file is read again then, because the pid may belong to another by that time.
const SCRIPT = `
trap '' INT TERM HUP
read -r word
[ "$word" = bye ] && exit 0
read -r pid < "$1/postmaster.pid" && [ "$pid" = "$2" ] && kill -INT "$pid"
`;

/** Stops this postmaster when our own process is gone, `kill -9` included. */
export function guardPostgres(cluster: string, pid: number): { release(): void } {
  const guard = spawn("/bin/sh", ["-c", SCRIPT, "guard", cluster, String(pid)], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: {},
  });
  guard.unref();
  // A guard that was itself killed must not take us along by a broken pipe.
  guard.stdin.on("error", () => guard.stdin.destroy());
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return { release: () => guard.stdin.end("bye\n") };
}
