import { createHash } from "node:crypto";
import { statSync, utimesSync } from "node:fs";
import { hostname } from "node:os";
import path from "node:path";
import { uuidv7 } from "@smarteros/core";
import { namesIn, unlessMissing } from "./files.ts";

const pattern = /^audit-([0-9a-f]{8})-(\d+)-([0-9a-f-]{36})\.ndjson(?:\.claimed-[0-9a-f-]{36})?$/;
const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);
// A living process writes to its file, or touches it, far more often.
const staleMs = 600_000;

/** Names a project by its URL, for its folder or file: its rows must never be stored in another project's database. */
export function projectName(supabaseUrl: string): string {
  return createHash("sha256").update(supabaseUrl).digest("hex").slice(0, 12);
}

/** Names a new file of this process alone. */
export function processFile(folder: string): string {
  return path.join(folder, `audit-${host}-${process.pid}-${uuidv7()}.ndjson`);
}

/** Shows the other processes that the one which writes to this file is alive. */
export function touch(file: string): void {
  const now = new Date();
  unlessMissing(() => utimesSync(file, now, now), undefined);
}

/** Lists files whose process is gone, oldest first. Two processes may find the same one: storing a row twice adds nothing. */
export function abandonedFiles(folder: string): string[] {
  return namesIn(folder)
    .filter((name) => pattern.test(name))
    .flatMap((name) => {
      const found = statSync(path.join(folder, name), { throwIfNoEntry: false });
      return found?.isFile() && isAbandoned(name, found.mtimeMs) ? [{ name, writtenAt: found.mtimeMs }] : [];
    })
    .sort((a, b) => a.writtenAt - b.writtenAt)
    .map(({ name }) => path.join(folder, name));
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
