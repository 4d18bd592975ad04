import { appendFileSync, existsSync, rmSync } from "node:fs";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import * as z from "zod";
import { readFileIfAny, writePrivateFile } from "./private-file.ts";
import { isAlive, startTime } from "./process-table.ts";

// SQLITE_BUSY
const busy = 5;

const record = z.object({
  pid: z.number(),
  started: z.string().optional(),
  restUrl: z.string().optional(),
  webUrl: z.string().optional(),
});

/** Who runs on a data directory, and where it answers. */
export type RunningRecord = z.infer<typeof record>;

/** The starter lock of a data directory; it is also the record of where the stack answers. */
export type Lock = { note(urls: { restUrl?: string; webUrl?: string }): void; release(): void };

/** Who runs on this data directory right now; undefined when nobody does, whatever a killed one left behind. */
export function readRunning(folder: string): RunningRecord | undefined {
  const found = parse(readFileIfAny(lockFile(folder)));
  return found && isHolderAlive(found) ? found : undefined;
}

/** Whether there is a record at all, be it of a start that was killed. */
export function hasRecord(folder: string): boolean {
  return existsSync(lockFile(folder));
}

/**
 * Takes the lock, or returns who holds it. What excludes others is SQLite's lock on a file of its own, which the kernel
 * lets go of when its process is gone, however it went; the record beside it only says who and where.
 */
export function takeLock(folder: string): Lock | RunningRecord {
  const mutex = exclusive(path.join(folder, "start.lock"));
  if (mutex === undefined) return readRunning(folder) ?? { pid: 0 };
  const file = lockFile(folder);
  const holder: RunningRecord = { pid: process.pid, started: startTime(process.pid) };
  writePrivateFile(file, JSON.stringify(holder));
  return {
    note(urls) {
      writePrivateFile(file, JSON.stringify({ ...holder, ...urls }));
    },
    release() {
      // Once let go of, the record may be another's.
      if (!mutex.isOpen) return;
      rmSync(file, { force: true });
      mutex.close();
    },
  };
}

function exclusive(file: string): DatabaseSync | undefined {
  appendFileSync(file, "", { mode: 0o600 });
  const database = new DatabaseSync(file);
  try {
    database.exec("pragma busy_timeout = 0; begin exclusive");
    return database;
  } catch (error) {
    database.close();
    if ((error as { errcode?: number }).errcode === busy) return undefined;
    throw error;
  }
}

/** Whether `takeLock` got it. */
export function isLock(outcome: Lock | RunningRecord): outcome is Lock {
  return "release" in outcome;
}

function lockFile(folder: string): string {
  return path.join(folder, "running.json");
}

function isHolderAlive({ pid, started }: RunningRecord): boolean {
  return isAlive(pid) && startTime(pid) === started;
}

function parse(text: string | undefined): RunningRecord | undefined {
  try {
    return record.parse(JSON.parse(text ?? ""));
  } catch {
    return undefined;
  }
}
