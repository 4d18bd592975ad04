import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether the pid is in the process table; a zombie that nobody reaped counts. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Whether the process still runs; a zombie does not. */
export function isAlive(pid: number): boolean {
  if (!exists(pid)) return false;
  const state = statusFields(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/** When the process started, in whatever unit the system has: a pid alone may have been given to another one since. */
export function startTime(pid: number): string | undefined {
  const fields = statusFields(pid);
  return fields ? fields[19] : ps(pid, "lstart=");
}

/** The command line of the process with its parts apart by NUL (Linux) or spaces, or undefined when it is gone. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return process.platform === "linux" ? undefined : ps(pid, "command=");
  }
}

// /proc/<pid>/stat behind the command name, which may itself hold spaces and parentheses.
function statusFields(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}

function ps(pid: number, column: string): string | undefined {
  const result = spawnSync("ps", ["-o", column, "-p", String(pid)], { encoding: "utf8" });
  return result.status === 0 ? result.stdout.trim() || undefined : undefined;
}
