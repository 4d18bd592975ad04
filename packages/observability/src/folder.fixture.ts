import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";

/** Creates a folder that is removed when the test ends. */
export function freshFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-observability-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
