import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { baseEnvironment } from "./env.ts";
import { guardGroup } from "./guard.ts";

const LINES_KEPT = 20;
const START_MILLISECONDS = 120_000;
const STOP_MILLISECONDS = 8000;

/** A program that the supervisor runs with the embedded project. */
export type Program = {
  name: string;
  /** The command and its arguments. */
  command: [string, ...string[]];
  folder: string;
  environment: NodeJS.ProcessEnv;
  /** Responds with 200 once the program is ready; without a URL the program is ready when it has started. */
  healthUrl?: string;
};

/** A running program. `exited` resolves to one message when it exits or is stopped. */
export type Child = { name: string; exited: Promise<string>; healthy: Promise<void>; stop(): Promise<void> };

/** Starts a program in a separate process group. Its output lines go to `log`, prefixed with its name. */
export function startChild(program: Program, log: (line: string) => void): Child {
  const [executable, ...args] = program.command;
  const child = spawn(executable, args, {
    cwd: program.folder,
    env: { ...baseEnvironment(), ...program.environment },
    // Ctrl-C must reach only the supervisor, which stops everything in order.
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const guard = child.pid === undefined ? undefined : guardGroup(child.pid);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      if (lines.length > LINES_KEPT) lines.shift();
      log(`${program.name} | ${line}`);
    });

  let ended = false;
  const exited = new Promise<string>((resolve) => {
    const end = (reason: string) => {
      ended = true;
      guard?.release();
      resolve([`${program.name} ended (${reason}). Its last lines:`, ...lines].join("\n"));
    };
    child.once("error", (error) => end(error.message));
    // Processes that the program started would otherwise keep running.
    child.once("exit", () => signalGroup(child.pid, "SIGKILL"));
    // "close" and not "exit": the last output may arrive after "exit".
    child.once("close", (code, signal) => end(signal ?? `exit code ${code}`));
  });

  return {
    name: program.name,
    exited,
    healthy: becomesHealthy(program, () => ended),
    async stop() {
      if (ended) return;
      signalGroup(child.pid, "SIGTERM");
      const force = setTimeout(() => signalGroup(child.pid, "SIGKILL"), STOP_MILLISECONDS);
      await exited;
      clearTimeout(force);
    },
  };
}

async function becomesHealthy({ name, healthUrl }: Program, hasEnded: () => boolean): Promise<void> {
  if (healthUrl === undefined) return;
  for (const end = Date.now() + START_MILLISECONDS; !hasEnded(); ) {
    const response = await fetch(healthUrl, { signal: AbortSignal.timeout(5000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response?.status === 200) return;
    if (Date.now() > end)
      throw new Error(`${name} did not get ready: ${healthUrl} answers ${response?.status ?? "nothing"}.`);
    await sleep(100);
  }
}

function signalGroup(leader: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (leader !== undefined) process.kill(-leader, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
