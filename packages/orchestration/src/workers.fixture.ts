import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Project } from "./database.fixture.ts";
import type { Vendors } from "./sandboxes.fixture.ts";
import type { WorkerSettings, WorkerTask } from "./worker.fixture.ts";

export type Worker = {
  id: string;
  send(task: WorkerTask): void;
  /** Ids of the workers that it recovered. */
  tookOver: string[];
  exited: Promise<unknown>;
  /** Suspends and continues the process. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  kill(): Promise<void>;
};

/** Starts workers as processes on one system database; `killAll` kills all of them. */
export function workersOn(project: Project, systemDatabaseUrl: string, vendors: Vendors) {
  const running = new Set<Worker>();
  return {
    async start(id = `worker-${crypto.randomUUID()}`): Promise<Worker> {
      const settings: WorkerSettings = {
        systemDatabaseUrl,
        supabaseUrl: project.supabaseUrl,
        secretKey: project.secretKey,
        vendors: vendors.settings,
        workerId: id,
        // Longer than delays on a busy machine, so that no live worker seems dead.
        heartbeatEveryMs: 500,
      };
      const script = path.join(import.meta.dirname, "worker.fixture.ts");
      const child = fork(script, [JSON.stringify(settings)], {
        execArgv: ["--no-deprecation"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [message] = await Promise.race([once(child, "message"), once(child, "exit")]);
      if (message !== "ready") throw new Error(`The worker ended with ${message} and never began.`);
      const worker = workerOf(id, child);
      running.add(worker);
      return worker;
    },
    killAll: () => Promise.all([...running].map((worker) => worker.kill())),
  };
}

function workerOf(id: string, child: ChildProcess): Worker {
  const exited = once(child, "exit");
  const tookOver: string[] = [];
  child.on("message", (report: { tookOver: string[] }) => tookOver.push(...report.tookOver));
  return {
    id,
    tookOver,
    exited,
    send: (task) => void child.send(task),
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
}
