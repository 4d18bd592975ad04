import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Project } from "./database.fixture.ts";

/** Starts an embedded project with a separate Postgres, for tests that kill it. */
export async function startOwnProject() {
  const folder = mkdtempSync(path.join(tmpdir(), "smarteros-workflows-"));
  const script = path.join(import.meta.dirname, "../../../apps/local/src/stack.fixture.ts");
  const child = fork(script, [folder], { stdio: ["ignore", "inherit", "inherit", "ipc"] });
  const [project] = (await once(child, "message")) as [Project];
  return {
    ...project,
    /** Kills Postgres and restarts it. */
    async crashPostgres() {
      child.send("crash");
      await once(child, "message");
    },
    async stop() {
      const exited = once(child, "exit");
      child.send("stop");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
