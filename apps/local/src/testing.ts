import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { readRunning } from "./lock.ts";
import { startSupabase } from "./stack.ts";

const PREFIX = "smarteros-test-";
const MINUTE = 60_000;

/** Starts an embedded project before the tests and leaves nothing of it behind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const dataDirectory = mkdtempSync(path.join(tmpdir(), PREFIX));
  try {
    const stack = await startSupabase({
      dataDirectory,
      webOrigin: "http://127.0.0.1:3000",
      log: (line) => console.error(line),
    });
    const { failed: _failed, note: _note, stop, ...embedded } = stack;
    project.provide("embedded", embedded);
    return async () => {
      await stop();
      rmSync(dataDirectory, { recursive: true, force: true });
    };
  } catch (error) {
    rmSync(dataDirectory, { recursive: true, force: true });
    throw error;
  }
}

// A run that was killed could not remove its folder. A young one may belong to a run that is just starting.
function removeLeftovers(): void {
  const folders = readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => path.join(tmpdir(), name));
  for (const folder of folders) {
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10 * MINUTE && !readRunning(folder)) rmSync(folder, { recursive: true, force: true });
  }
}
