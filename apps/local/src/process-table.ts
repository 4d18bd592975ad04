import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Returns true when the pid is in the process table, zombies included. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Returns true when the process runs, zombies excluded. */
export function isAlive(pid: number): boolean {
  if (!exists(pid)) return false;
  const state = statusFields(pid)?.[0];
  return state !== "Z" && state !== "X";
}

/**
 * Returns the start time of a process in the system's unit; identifies a process together with its pid, which may be
 * reused.
 */
export function startTime(pid: number): string | undefined {
  const fields = statusFields(pid);
  return fields ? fields[19] : ps(pid, "lstart=");
}

/** Returns the command line of a process, its parts separated by NUL (Linux) or spaces; undefined when it is gone. */
export function commandLine(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return process.platform === "linux" ? undefined : ps(pid, "command=");
  }
}

// The part of /proc/<pid>/stat after the command name, which may contain spaces and parentheses.
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
