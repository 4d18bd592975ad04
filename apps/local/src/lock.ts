import { existsSync, linkSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import * as z from "zod";
import { readFileIfAny, writePrivateFile } from "./private-file.ts";
import { isAlive, startTime } from "./process-table.ts";

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

/** Takes the lock, or returns who holds it. A lock of a process that is gone is taken over. */
export function takeLock(folder: string): Lock | RunningRecord {
  const file = lockFile(folder);
  const own = `${file}.${process.pid}`;
  const holder: RunningRecord = { pid: process.pid, started: startTime(process.pid) };
  writePrivateFile(own, JSON.stringify(holder));
  try {
    if (!linkIfFree(own, file)) {
      const found = parse(readFileIfAny(file));
      if (found && isHolderAlive(found)) return found;
      removeStale(file);
      if (!linkIfFree(own, file)) return readRunning(folder) ?? { pid: 0 };
    }
  } finally {
    rmSync(own, { force: true });
  }

  return {
    note(urls) {
      writePrivateFile(file, JSON.stringify({ ...holder, ...urls }));
    },
    release() {
      if (parse(readFileIfAny(file))?.pid === process.pid) rmSync(file, { force: true });
    },
  };
}

/** Whether `takeLock` got it. */
export function isLock(outcome: Lock | RunningRecord): outcome is Lock {
  return "release" in outcome;
}

function lockFile(folder: string): string {
  return path.join(folder, "running.json");
}

// A link, because the file then appears with its text in it, and only where there was none.
function linkIfFree(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

// Moved away and looked at once more: between reading and removing, another starter may have taken it over.
function removeStale(file: string): void {
  const aside = `${file}.stale.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  const moved = parse(readFileIfAny(aside));
  if (moved && isHolderAlive(moved)) linkIfFree(aside, file);
  rmSync(aside, { force: true });
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
