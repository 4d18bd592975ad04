import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { makeCluster } from "./cluster.ts";
import { baseEnvironment } from "./env.ts";
import { guardPostgres } from "./guard.ts";
import { type PostgresVersion, postgresBinaries } from "./postgres-binaries.ts";
import { clearLeftover, readPidFile, stopPostmaster } from "./postmaster.ts";
import { readFileIfAny } from "./private-file.ts";
import { runAs } from "./run-as.ts";

const MEGABYTE = 1_048_576;

/** A running Postgres. `exited` resolves when it has ended for any reason. */
export type Postgres = { pid: number; exited: Promise<void>; stop(): Promise<void>; lastLines(): string };

type Place = { cluster: string; log: string; environment: NodeJS.ProcessEnv; settings: string[] };

/**
 * Starts Postgres on a loopback port with its cluster in `folder/postgres`, which it creates the first time. The
 * superuser is `supabase_admin`, as in a hosted project. The caller must hold the starter lock.
 */
export async function startPostgres(options: {
  folder: string;
  port: number;
  superuserPassword: string;
  /** The major version; 17 by default. */
  version?: PostgresVersion | undefined;
  /** Further settings of the server, each `name=value`. */
  settings?: string[] | undefined;
}): Promise<Postgres> {
  const { folder, port, settings = [] } = options;
  const cluster = path.join(folder, "postgres");
  const log = path.join(folder, "postgres.log");
  const binaries = postgresBinaries(options.version);
  // The user's own PG* variables would change what initdb and postgres do.
  const environment = { PATH: baseEnvironment().PATH, LC_ALL: "C", TZ: "UTC" };
  const as = runAs(folder, path.join(binaries, "postgres"));
  if (!existsSync(path.join(cluster, "PG_VERSION")))
    makeCluster({
      cluster,
      initdb: path.join(binaries, "initdb"),
      as,
      password: options.superuserPassword,
      environment,
    });

  await clearLeftover(cluster);
  if (existsSync(log) && statSync(log).size > 10 * MEGABYTE) rmSync(log);
  const command = [...as.prefix, path.join(binaries, "postgres"), "-D", cluster, "-p", String(port)];
  const child = await launch(command, { cluster, log, environment, settings });
  const pid = child.pid ?? 0;
  const guard = guardPostgres(cluster, pid);
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    pid,
    exited,
    lastLines: () => lastLines(log),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await stopPostmaster(cluster, pid);
      guard.release();
    },
  };
}

async function launch(command: string[], place: Place): Promise<ChildProcess> {
  for (const end = Date.now() + 30_000; ; ) {
    const child = spawnPostgres(command, place);
    if (await becomesReady(child, place.cluster)) return child;
    const lines = lastLines(place.log);
    // Backends of a killed postmaster finish their statement first and hold the old shared memory until then.
    if (!/still in use|pre-existing shared memory/.test(lines) || Date.now() > end)
      throw new Error(`Postgres did not start. The last lines of ${place.log}:\n${lines}`);
    await sleep(200);
  }
}

function spawnPostgres([program = "", ...args]: string[], place: Place): ChildProcess {
  const output = openSync(place.log, "a", 0o600);
  const settings = [
    ...["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=60"],
    ...place.settings,
  ];
  try {
    const child = spawn(program, [...args, ...settings.flatMap((setting) => ["-c", setting])], {
      env: place.environment,
      // In a separate process group: otherwise Ctrl-C would stop it before its clients.
      detached: true,
      stdio: ["ignore", output, output],
    });
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

async function becomesReady(child: ChildProcess, cluster: string): Promise<boolean> {
  let ended = false;
  child.once("exit", () => {
    ended = true;
  });
  child.once("error", () => {
    ended = true;
  });
  for (const end = Date.now() + 60_000; Date.now() < end; ) {
    if (ended) return false;
    const found = readPidFile(cluster);
    if (found?.pid === child.pid && found?.ready) return true;
    await sleep(10);
  }
  child.kill("SIGQUIT");
  return false;
}

function lastLines(log: string): string {
  return (readFileIfAny(log) ?? "").trimEnd().split("\n").slice(-5).join("\n");
}
