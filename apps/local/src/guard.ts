import { spawn } from "node:child_process";

// The guard waits until its standard input closes, which the kernel does when we die in whatever way.
const WAIT = `trap '' INT TERM HUP; read -r word; [ "$word" = bye ] && exit 0`;

// The pid file is read again then, because the pid may belong to another process by that time.
const STOP_POSTGRES = `read -r pid < "$1/postmaster.pid" && [ "$pid" = "$2" ] && kill -INT "$pid"`;

const STOP_GROUP = `kill -TERM "-$1" && sleep 2 && kill -KILL "-$1"`;

/** Watches over something that must not outlive this process; `release` ends the watch. */
export type Guard = { release(): void };

/** Stops this postmaster when our own process is gone, `kill -9` included. */
export function guardPostgres(cluster: string, pid: number): Guard {
  return startGuard(STOP_POSTGRES, [cluster, String(pid)]);
}

/** Stops every process of this group when our own process is gone, `kill -9` included. */
export function guardGroup(leader: number): Guard {
  return startGuard(STOP_GROUP, [String(leader)]);
}

function startGuard(action: string, words: string[]): Guard {
  const guard = spawn("/bin/sh", ["-c", `${WAIT}\n${action}`, "guard", ...words], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  guard.unref();
  // A guard that was itself killed must not take us along by a broken pipe.
  guard.stdin.on("error", () => guard.stdin.destroy());
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return { release: () => guard.stdin.end("bye\n") };
}
