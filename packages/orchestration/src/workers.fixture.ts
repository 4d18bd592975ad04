import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Project } from "./database.fixture.ts";
import type { Vendors } from "./sandboxes.fixture.ts";
import type { WorkerSettings, WorkerTask } from "./worker.fixture.ts";

export type Worker = {
  id: string;
  send(task: WorkerTask): void;
  /** The workers whose work it took over. */
  tookOver: string[];
  exited: Promise<unknown>;
  /** Stops and continues it, as a machine does that sleeps. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  kill(): Promise<void>;
};

/** Starts workers, each a process, on one system database; `killAll` leaves none behind. */
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
        // Longer than it may be held up on a machine with a lot to do: a worker that only seems dead is another test's.
        heartbeatEveryMs: 500,
      };
      const script = path.join(import.meta.dirname, "worker.fixture.ts");
      const child = fork(script, [JSON.stringify(settings)], {
        execArgv: ["--no-deprecation"],
        stdio: ["ignore", "ignore", "inherit", "ipc"],
      });
      const [said] = await Promise.race([once(child, "message"), once(child, "exit")]);
      if (said !== "ready") throw new Error(`The worker ended with ${said} and never began.`);
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
  child.on("message", (told: { tookOver: string[] }) => tookOver.push(...told.tookOver));
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
