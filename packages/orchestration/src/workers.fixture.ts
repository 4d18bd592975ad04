import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import type { Project } from "./database.fixture.ts";
import { inNamespace } from "./namespace.fixture.ts";
import type { Vendors } from "./sandboxes.fixture.ts";
import type { StorePlace, WorkerSettings } from "./worker.fixture.ts";

/** Milliseconds of the leases of these workers. */
export const leaseMs = 4_000;

export type Worker = {
  id: string;
  pid: number;
  /** Makes the worker kill itself at a place. */
  dieAt(place: StorePlace): Promise<void>;
  exited: Promise<unknown>;
  /** Suspends and continues the process. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  kill(): Promise<void>;
};

/** Starts workers as processes on one project; `killAll` kills all of them. `ways` puts one into a network
 * namespace of its own. */
export function workersOn(project: Project, vendors: Vendors) {
  const running = new Set<Worker>();
  return {
    async start({
      id = `worker-${crypto.randomUUID()}`,
      supabaseUrl = project.supabaseUrl,
      settleAfterMs = 300,
      clockAheadMs = 0,
      ways = undefined as string | undefined,
    } = {}): Promise<Worker> {
      const settings: WorkerSettings = {
        supabaseUrl,
        secretKey: project.secretKey,
        vendors: vendors.settings,
        workerId: id,
        leaseMs,
        settleAfterMs,
        clockAheadMs,
        ways,
      };
      const [execPath, ...execArgv] = ways ? inNamespace : [process.execPath];
      const script = path.join(import.meta.dirname, "worker.fixture.ts");
      const child = fork(script, [JSON.stringify(settings)], {
        execPath,
        execArgv: [...execArgv, "--no-deprecation"],
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
  return {
    id,
    pid: child.pid ?? 0,
    exited,
    dieAt: (place) => new Promise((resolve) => void child.send(place, () => resolve())),
    signal: (name) => void child.kill(name),
    async kill() {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await exited;
    },
  };
}
