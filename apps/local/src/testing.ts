import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";
import { startSupabase } from "./stack.ts";

/** Starts an embedded project before the tests and leaves nothing of it behind. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = mkdtempSync(path.join(tmpdir(), "smarteros-test-"));
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
