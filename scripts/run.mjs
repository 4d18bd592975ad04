// Runs a task of this repository on any machine with Node 18 or newer and npm: fetches missing versions of Node and
// pnpm, installs packages when a manifest has changed, then runs the task. Imports only Node's modules and prints
// nothing else to standard output.
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const NODE_VERSION = "24.21.0";
const PNPM_VERSION = "12.21.0";
const MINUTE = 60_000;

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
const tools = path.join(root, ".tools");
const stampFile = path.join(root, "node_modules/.installed");

const turbo = (...args) => [
  "node",
  "node_modules/turbo/bin/turbo",
  "run",
  ...args,
  "--output-logs=errors-only",
  "--ui=stream",
];

/** The commands of each task, in order. CLI arguments are passed to the last one. */
const tasks = {
  start: [
    { command: ["node", "apps/local/src/check.ts"] },
    {
      command: turbo("build", "--filter=@smarteros/web", "--filter=@smarteros/mcp-stdio"),
      quietly: "Building",
    },
    { command: ["node", "apps/local/src/main.ts"], isTied: true },
  ],
  dev: [{ command: ["node", "apps/local/src/main.ts", "--dev"], isTied: true }],
  build: [{ command: turbo("build") }],
  typecheck: [{ command: turbo("typecheck") }],
  test: [{ command: ["node", "scripts/test.ts"] }],
  bench: [{ command: ["node", "apps/bench/src/main.ts"] }],
  seed: [
    {
      command: turbo("build", "--filter=@smarteros/web", "--filter=@smarteros/mcp-stdio"),
      quietly: "Building",
      // A deployment needs no local build.
      isNeeded: (args) => !args.some((arg) => /^--url(?:=|$)/.test(arg)),
    },
    { command: ["node", "scripts/seed.ts"] },
  ],
  looks: [
    {
      command: turbo("build", "--filter=@smarteros/web", "--filter=@smarteros/mcp-stdio"),
      quietly: "Building",
    },
    { command: ["node", "scripts/looks.ts"] },
  ],
  screenshots: [
    {
      command: turbo("build", "--filter=@smarteros/web", "--filter=@smarteros/mcp-stdio"),
      quietly: "Building",
    },
    {
      command: [
        ...["pnpm", "--dir", "apps/web", "exec", "playwright", "test"],
        ...["--config", "playwright.screenshots.config.ts"],
      ],
    },
  ],
  n8n: [{ command: ["node", "scripts/real-n8n.ts"] }],
  lint: [{ command: ["node", "scripts/lint.ts"] }],
  format: [{ command: ["node", "node_modules/@biomejs/biome/bin/biome", "check", "--write", "."] }],
  generate: [
    {
      command: [
        "node",
        "node_modules/vitest/vitest.mjs",
        "run",
        "scripts/supabase-requests.test.ts",
        "--update",
      ],
      quietly: "Recording the requests to Supabase",
    },
    { command: ["node", "sql/src/generate.ts"] },
  ],
  reset: [{ command: ["node", "apps/local/src/reset.ts"] }],
  token: [{ command: ["node", "apps/local/src/token.ts"] }],
  doctor: [{ command: ["node", "apps/doctor/src/main.ts"] }],
  "db:apply": [{ command: ["node", "sql/src/apply.ts"] }],
  bundle: [{ command: ["node", "deploy/bundle.ts"] }],
};

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main(name, args) {
  const steps = Object.hasOwn(tasks, name ?? "") ? tasks[name] : undefined;
  if (!steps) throw new Error(`Unknown task. Use one of: ${Object.keys(tasks).join(", ")}.`);
  const environment = await bootstrap();
  for (const [index, step] of steps.entries()) {
    if (step.isNeeded?.(args) === false) continue;
    const isLast = index === steps.length - 1;
    const code = await run({ ...step, command: [...step.command, ...(isLast ? args : [])], environment });
    if (code !== 0) return code;
  }
  return 0;
}

/** Ensures the right Node, pnpm and packages; returns the environment to run commands in. */
async function bootstrap() {
  if (process.platform === "win32") throw new Error("This needs Linux or macOS (on Windows, WSL).");
  if (!isReady()) {
    const release = await takeLock();
    try {
      // Checked again, because another run may have installed everything while this one waited for the lock.
      if (missingTools().length > 0) await installTools();
      if (readIfAny(stampFile) !== stamp()) await installPackages();
    } finally {
      release();
    }
  }
  return toolEnvironment();
}

function isReady() {
  return missingTools().length === 0 && readIfAny(stampFile) === stamp();
}

/** Lists the npm packages to fetch into `.tools/`. */
function missingTools() {
  const wanted = [...(isNodeNewEnough() ? [] : [nodePackage()]), ...(hasPnpm() ? [] : ["pnpm"])];
  return wanted.filter((name) => installedVersion(name) !== (name === "pnpm" ? PNPM_VERSION : NODE_VERSION));
}

// Node strips types without a flag since 22.18 and 23.6.
function isNodeNewEnough() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  return major >= 24 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18);
}

function nodePackage() {
  if (process.platform === "linux" && ["x64", "arm64"].includes(process.arch))
    return `node-linux-${process.arch}`;
  throw new Error(
    `This needs Node 22.18 or newer; here is ${process.version}. Install it from https://nodejs.org.`,
  );
}

function hasPnpm() {
  // The pnpm in .tools comes first on the PATH, so it must have the right version.
  const own = installedVersion("pnpm");
  if (own !== undefined) return own === PNPM_VERSION;
  const found = spawnSync("pnpm", ["--version"], { cwd: os.tmpdir(), encoding: "utf8" }).stdout?.trim() ?? "";
  return /^\d+\.\d+\.\d+/.test(found) && found.localeCompare(PNPM_VERSION, "en", { numeric: true }) >= 0;
}

function installedVersion(name) {
  const manifest = readIfAny(path.join(tools, "node_modules", name, "package.json"));
  return manifest === undefined ? undefined : JSON.parse(manifest).version;
}

async function installTools() {
  const versions = { pnpm: PNPM_VERSION, ...(isNodeNewEnough() ? {} : { [nodePackage()]: NODE_VERSION }) };
  writeFileSync(path.join(tools, "package.json"), JSON.stringify({ private: true, dependencies: versions }));
  await runOrThrow({
    command: [
      "npm",
      "install",
      "--prefix",
      tools,
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--no-package-lock",
    ],
    folder: tools,
    environment: process.env,
    quietly: `Fetching ${Object.keys(versions).join(" and ")}`,
  });
}

async function installPackages() {
  await runOrThrow({
    command: ["pnpm", "install", "--frozen-lockfile"],
    // Without a terminal pnpm would stop at a question; CI suppresses questions.
    environment: { ...toolEnvironment(), CI: "true" },
    quietly: "Installing packages",
  });
  writeFileSync(stampFile, stamp());
}

/** Hashes the lockfile and every manifest; an installation is valid while the hash is unchanged. */
function stamp() {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(root, group)).map((name) => path.join(group, name)),
  );
  const files = [".", "sql", ...folders].map((folder) => path.join(folder, "package.json"));
  const hash = createHash("sha256");
  for (const file of ["pnpm-lock.yaml", "pnpm-workspace.yaml", ...files.sort()])
    hash.update(`${file}\0${readIfAny(path.join(root, file)) ?? ""}\0`);
  return hash.digest("hex");
}

function toolEnvironment() {
  const node = isNodeNewEnough()
    ? path.dirname(process.execPath)
    : path.join(tools, "node_modules", nodePackage(), "bin");
  return {
    ...process.env,
    PATH: [node, ...pnpmFolders(), process.env.PATH].join(path.delimiter),
    TURBO_TELEMETRY_DISABLED: "1",
    TURBO_NO_UPDATE_NOTIFIER: "1",
  };
}

// The binary of pnpm's platform package: the script of the package "pnpm" lacks a shebang until its install script has
// run, which newer npm versions block. A shell can run such a script, but turbo cannot.
function pnpmFolders() {
  const scope = path.join(tools, "node_modules/@pnpm");
  return existsSync(scope) ? readdirSync(scope).map((name) => path.join(scope, name)) : [];
}

async function runOrThrow(step) {
  const code = await run(step);
  if (code !== 0)
    throw new Error(`${step.quietly} failed (${step.command.slice(0, 2).join(" ")}, code ${code}).`);
}

/**
 * Runs a command in a separate process group, forwards signals to the group and resolves to the exit code. With
 * `quietly` it prints that text only when the command takes long, and its output when it fails. With `isTied` the
 * command has an IPC channel by which it notices when this process is gone.
 */
function run({ command: [program, ...args], environment, folder = root, quietly, isTied = false }) {
  const output = quietly ? "pipe" : "inherit";
  const child = spawn(program, args, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: [quietly ? "ignore" : "inherit", output, output, ...(isTied ? ["ipc"] : [])],
  });
  const printed = [];
  for (const stream of quietly ? [child.stdout, child.stderr] : [])
    stream.on("data", (chunk) => printed.push(chunk));
  const notice = quietly && setTimeout(() => console.error(`${quietly} …`), 1500);

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let isInterrupted = false;
  const forward = (signal) => {
    isInterrupted = true;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // The process has already exited.
    }
  };
  for (const signal of signals) process.on(signal, forward);
  const orphanCheck = whenOrphaned(() => forward("SIGTERM"));

  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`${program} could not be started: ${error.message}`)));
    child.once("close", (code, signal) => {
      clearTimeout(notice);
      clearInterval(orphanCheck);
      for (const name of signals) process.off(name, forward);
      // Turbo exits with 0 even when it was interrupted.
      const wasCutShort = quietly && isInterrupted && code === 0;
      const outcome = wasCutShort ? 130 : (code ?? 128 + os.constants.signals[signal]);
      if (quietly && outcome !== 0 && !isInterrupted) process.stderr.write(Buffer.concat(printed));
      resolve(outcome);
    });
  });
}

// npm forwards SIGTERM to the shell that started this process, but the shell does not forward it.
function whenOrphaned(action) {
  const parent = process.ppid;
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: set by npm, and for no task of turbo's.
  if (!process.env.npm_lifecycle_event) return undefined;
  return setInterval(() => process.ppid !== parent && action(), 500).unref();
}

/** Waits until another run's bootstrap has ended. Returns the function that releases the lock. */
async function takeLock() {
  mkdirSync(tools, { recursive: true });
  const file = path.join(tools, "bootstrap.lock");
  for (let isAnnounced = false; ; isAnnounced = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isStale(file)) removeStale(file);
    else if (!isAnnounced) console.error("Waiting for another run to finish its installation …");
    await sleep(200);
  }
}

// A killed process cannot remove its lock, and its pid may have been reused: hence the age limit.
function isStale(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const pid = Number(readIfAny(file));
    // A file without a pid is being written, or remains from a full disk.
    return age > 20 * MINUTE || (age > 1000 && (!pid || !isRunning(pid)));
  } catch {
    return false;
  }
}

// Renamed first, so that only one of two processes removes it; it renames the file back if that was a new lock.
function removeStale(file) {
  try {
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    if (isStale(aside)) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // Another process removed it first.
  }
}

function isRunning(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function readIfAny(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}
