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

/** The process that runs on a data directory, and its addresses. */
export type RunningRecord = z.infer<typeof record>;

/** The starter lock of a data directory, which also records the stack's addresses. */
export type Lock = { note(urls: { restUrl?: string; webUrl?: string }): void; release(): void };

/**
 * Reads the record of the process that runs on this data directory; undefined when none runs, even if a killed one left
 * a record.
 */
export function readRunning(folder: string): RunningRecord | undefined {
  const found = parse(readFileIfAny(lockFile(folder)));
  return found && isHolderAlive(found) ? found : undefined;
}

/** Returns true when there is a record, even of a killed start. */
export function hasRecord(folder: string): boolean {
  return existsSync(lockFile(folder));
}

/**
 * Takes the lock, or returns the record of its holder. SQLite's lock on a separate file provides the exclusion: the
 * kernel releases it when the process ends, even by a kill. The record only stores process and addresses.
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
      // After the release the record may belong to another process.
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

/** Returns true for an acquired lock, false for the record of another holder. */
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
