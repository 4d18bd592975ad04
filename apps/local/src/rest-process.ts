import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { baseEnvironment } from "./env.ts";
import type { RestSettings } from "./rest.ts";

const MINUTE = 60_000;
const MAX_DEATHS_A_MINUTE = 5;

/**
 * The process of the REST API, including its restarts. `exited` resolves to the last reason when restarting has been
 * given up.
 */
export type RestProcess = { exited: Promise<string>; pid(): number | undefined; stop(): Promise<void> };

/** Starts the REST API in a child process and restarts it after a crash, at most five times a minute. */
export async function startRest(settings: RestSettings, log: (line: string) => void): Promise<RestProcess> {
  const gaveUp = Promise.withResolvers<string>();
  let deaths: number[] = [];
  let stopping = false;
  let current = await launch(settings);
  watch(current);

  function watch(server: Server): void {
    server.child.once("exit", async () => {
      if (stopping) return;
      deaths = [...deaths.filter((at) => at > Date.now() - MINUTE), Date.now()];
      if (deaths.length > MAX_DEATHS_A_MINUTE)
        return gaveUp.resolve(
          `The REST API stopped ${deaths.length} times within a minute: ${server.lastLine()}`,
        );
      log(`The REST API stopped (${server.lastLine()}); starting it again.`);
      try {
        current = await launch(settings);
        if (stopping) current.child.kill("SIGKILL");
        else watch(current);
      } catch (error) {
        gaveUp.resolve((error as Error).message);
      }
    });
  }

  return {
    exited: gaveUp.promise,
    pid: () => current.child.pid,
    async stop() {
      stopping = true;
      await endProcess(current.child);
    },
  };
}

type Server = { child: ChildProcess; lastLine(): string };

async function launch(settings: RestSettings): Promise<Server> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("rest-server.ts", import.meta.url))], {
    env: baseEnvironment(),
    detached: true,
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  let output = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    output = (output + text).slice(-2000);
  });
  const lastLine = () => output.trim().split("\n").at(-1) || "no reason given";
  const ended = once(child, "exit").then(() => {
    throw new Error(`The REST API did not start: ${lastLine()}`);
  });
  await Promise.race([once(child, "message"), ended]);
  child.send(settings);
  await Promise.race([once(child, "message"), ended]);
  ended.catch(() => undefined);
  return { child, lastLine };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), 3000);
  await exit;
  clearTimeout(force);
}
