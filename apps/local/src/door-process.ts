import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { baseEnvironment } from "./env.ts";
import type { DoorSettings } from "./rest.ts";

const MINUTE = 60_000;
const MAX_DEATHS_A_MINUTE = 5;

/** The door's process and those that replace it. `exited` resolves, with the last reason, once it is given up. */
export type DoorProcess = { exited: Promise<string>; pid(): number | undefined; stop(): Promise<void> };

/** Starts the REST door and starts it again whenever it dies, until it dies too often. */
export async function startDoor(settings: DoorSettings, log: (line: string) => void): Promise<DoorProcess> {
  const gaveUp = Promise.withResolvers<string>();
  let deaths: number[] = [];
  let stopping = false;
  let current = await launch(settings);
  watch(current);

  function watch(door: Door): void {
    door.child.once("exit", async () => {
      if (stopping) return;
      deaths = [...deaths.filter((at) => at > Date.now() - MINUTE), Date.now()];
      if (deaths.length > MAX_DEATHS_A_MINUTE)
        return gaveUp.resolve(
          `The REST door died ${deaths.length} times within a minute: ${door.lastLine()}`,
        );
      log(`The REST door died (${door.lastLine()}); starting it again.`);
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

type Door = { child: ChildProcess; lastLine(): string };

async function launch(settings: DoorSettings): Promise<Door> {
  const child = spawn(process.execPath, [fileURLToPath(new URL("door.ts", import.meta.url))], {
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
    throw new Error(`The REST door did not start: ${lastLine()}`);
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
