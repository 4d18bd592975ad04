import { spawn } from "node:child_process";

// The guard waits until its standard input closes; the kernel closes it even when we are killed.
const WAIT = `trap '' INT TERM HUP; read -r word; [ "$word" = bye ] && exit 0`;

// The pid file is read again, because the pid may have been reused by then.
const STOP_POSTGRES = `read -r pid < "$1/postmaster.pid" && [ "$pid" = "$2" ] && kill -INT "$pid"`;

const STOP_GROUP = `kill -TERM "-$1" && sleep 2 && kill -KILL "-$1"`;

/** Ends a process when this process is gone; `release` cancels that. */
export type Guard = { release(): void };

/** Stops this postmaster when this process is gone, `kill -9` included. */
export function guardPostgres(cluster: string, pid: number): Guard {
  return startGuard(STOP_POSTGRES, [cluster, String(pid)]);
}

/** Stops every process of this group when this process is gone, `kill -9` included. */
export function guardGroup(leader: number): Guard {
  return startGuard(STOP_GROUP, [String(leader)]);
}

function startGuard(action: string, args: string[]): Guard {
  const guard = spawn("/bin/sh", ["-c", `${WAIT}\n${action}`, "guard", ...args], {
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
    env: { PATH: "/usr/bin:/bin" },
  });
  guard.unref();
  // When the guard was killed, its broken pipe must not crash this process.
  guard.stdin.on("error", () => guard.stdin.destroy());
  if ("unref" in guard.stdin && typeof guard.stdin.unref === "function") guard.stdin.unref();
  return { release: () => guard.stdin.end("bye\n") };
}
