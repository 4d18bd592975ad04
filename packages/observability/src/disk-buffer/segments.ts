import { createHash } from "node:crypto";
import { constants, mkdirSync, openSync, readdirSync, statSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { uuidv7 } from "@smarteros/core";

/** A file of rows that no process writes to any more. */
export type Segment = { file: string; bytes: number };

const { O_APPEND, O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants;
const pattern = /^audit-([0-9a-f]{8})-(\d+)-([0-9a-f-]{36})\.ndjson$/;
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
// A living process writes to its file, or touches it, far more often.
const staleMs = 600_000;

/** Names the folder of one project's rows in a state directory: they must never be stored in another project's database. */
export function bufferFolder(stateDirectory: string, supabaseUrl: string): string {
  return path.join(stateDirectory, createHash("sha256").update(supabaseUrl).digest("hex").slice(0, 12));
}

/** Creates the folder with mode 0700. Throws where that fails. */
export function prepareFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
}

/** Creates and opens a new file of this process, with mode 0600. */
export function openSegment(folder: string): { file: string; descriptor: number } {
  const file = path.join(folder, `audit-${host}-${process.pid}-${uuidv7()}.ndjson`);
  return { file, descriptor: openSync(file, O_APPEND | O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600) };
}

/** Lists files whose process is gone, oldest first. Two processes may find the same one: storing a row twice adds nothing. */
export function abandonedSegments(folder: string): Segment[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .sort((a, b) => timeOf(a) - timeOf(b))
    .flatMap((name) => {
      const file = path.join(folder, name);
      const found = statSync(file, { throwIfNoEntry: false });
      return found?.isFile() && isAbandoned(name, found.mtimeMs) ? [{ file, bytes: found.size }] : [];
    });
}

function isAbandoned(name: string, touchedAt: number): boolean {
  const [, madeOn, pid] = pattern.exec(name) ?? [];
  if (Date.now() - touchedAt > staleMs) return true;
  if (madeOn !== host) return false;
  // In a container every start has the same process id.
  if (Number(pid) === process.pid) return timeOf(name) < Date.now() - process.uptime() * 1_000 - 1_000;
  return !isRunning(Number(pid));
}

/** Reads when a file was created, in Unix milliseconds, from its id (RFC 9562, UUID version 7). */
function timeOf(name: string): number {
  return Number.parseInt((pattern.exec(name)?.[3] ?? "").replaceAll("-", "").slice(0, 12), 16);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}
