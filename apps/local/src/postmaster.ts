import { rmSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readFileIfAny } from "./private-file.ts";
import { commandLine, exists, isAlive } from "./process-table.ts";

/** Parses `postmaster.pid`; https://www.postgresql.org/docs/17/storage-file-layout.html documents its lines. */
export function readPidFile(cluster: string): { pid: number; memoryId?: string; ready: boolean } | undefined {
  const lines = readFileIfAny(path.join(cluster, "postmaster.pid"))?.split("\n");
  const pid = Number(lines?.[0]);
  if (!lines || !Number.isInteger(pid) || pid <= 0) return undefined;
  return { pid, memoryId: lines[6]?.trim().split(/\s+/)[1], ready: lines[7]?.trim() === "ready" };
}

/** Stops the postmaster of this cluster: a fast shutdown first, an immediate one when it does not react. */
export async function stopPostmaster(cluster: string, pid: number): Promise<void> {
  if (await signalAndWait(cluster, pid, "SIGINT", 10_000)) return;
  if (await signalAndWait(cluster, pid, "SIGQUIT", 5_000)) return;
  throw new Error(`Postgres (pid ${pid}) does not stop.`);
}

/**
 * Prepares the start of a new postmaster: stops one that a killed starter left running, and removes a pid file whose
 * process is not Postgres. The caller must hold the starter lock. A pid file whose process is gone stays: a busy
 * backend may still run, and Postgres itself checks for that.
 */
export async function clearLeftover(cluster: string): Promise<void> {
  const found = readPidFile(cluster);
  if (!found || !exists(found.pid)) return;
  if (isAlive(found.pid) && isOurs(found.pid, cluster)) return stopPostmaster(cluster, found.pid);
  if (isMemoryAttached(found.memoryId))
    throw new Error(
      `Postgres processes from an earlier start still use ${cluster}. Wait a few seconds and try again.`,
    );
  rmSync(path.join(cluster, "postmaster.pid"), { force: true });
}

function isOurs(pid: number, cluster: string): boolean {
  const line = commandLine(pid) ?? "";
  return line.includes("postgres") && line.replaceAll("\0", " ").includes(` -D ${cluster} `);
}

function isMemoryAttached(memoryId: string | undefined): boolean {
  const rows = readFileIfAny("/proc/sysvipc/shm")?.split("\n") ?? [];
  const row = rows.map((line) => line.trim().split(/\s+/)).find((columns) => columns[1] === memoryId);
  return row !== undefined && Number(row[6]) > 0;
}

async function signalAndWait(cluster: string, pid: number, signal: NodeJS.Signals, milliseconds: number) {
  try {
    process.kill(pid, signal);
  } catch {
    return true;
  }
  for (const end = Date.now() + milliseconds; Date.now() < end; ) {
    if (!isAlive(pid) || readPidFile(cluster)?.pid !== pid) return true;
    await sleep(10);
  }
  return false;
}
