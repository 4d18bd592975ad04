import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject as VitestProject } from "vitest/node";
import { readRunning } from "./lock.ts";

const PREFIX = "smarteros-test-";
const MINUTE = 60_000;

/** Provides each test file of a run with a database and removes all of them at the end. */
export default async function setup(project: VitestProject): Promise<() => Promise<void>> {
  removeLeftovers();
  const dataDirectory = mkdtempSync(path.join(tmpdir(), PREFIX));
  const program = fileURLToPath(new URL("test-projects-process.ts", import.meta.url));
  const child = fork(program, [dataDirectory], { execArgv: ["--no-deprecation"], detached: true });
  const exited = once(child, "exit");
  const [url] = await Promise.race([
    once(child, "message"),
    exited.then(() => Promise.reject(new Error("The process of the test databases did not start."))),
  ]);
  project.provide("projects", url);
  // `file-project.fixture.ts` fills this in.
  project.provide("embedded", {} as never);
  return async () => {
    child.disconnect();
    await exited;
    rmSync(dataDirectory, { recursive: true, force: true });
  };
}

// A killed run could not remove its folder. A recent folder may belong to a run that is starting.
function removeLeftovers(): void {
  const folders = readdirSync(tmpdir())
    .filter((name) => name.startsWith(PREFIX))
    .map((name) => path.join(tmpdir(), name));
  for (const folder of folders) {
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > 10 * MINUTE && !readRunning(folder)) rmSync(folder, { recursive: true, force: true });
  }
}
