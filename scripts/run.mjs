// Runs a task of this repository on any machine with Node 18 or newer and npm: fetches the Node and pnpm that the
// packages need where they are missing, installs when a manifest changed, then runs the task. Uses nothing that is
// not in Node itself, and keeps standard output for the task.
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

const turbo = (...words) => [
  "node",
  "node_modules/turbo/bin/turbo",
  "run",
  ...words,
  "--output-logs=errors-only",
  "--ui=stream",
];

/** Per task: what runs one after the other. Words given on the command line go to the last one. */
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
      // A deployment is built already.
      isNeeded: (words) => !words.some((word) => /^--url(?:=|$)/.test(word)),
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
};

try {
  process.exitCode = await main(process.argv[2], process.argv.slice(3));
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function main(name, words) {
  const steps = Object.hasOwn(tasks, name ?? "") ? tasks[name] : undefined;
  if (!steps) throw new Error(`Unknown task. Use one of: ${Object.keys(tasks).join(", ")}.`);
  const environment = await bootstrap();
  for (const [index, step] of steps.entries()) {
    if (step.isNeeded?.(words) === false) continue;
    const isLast = index === steps.length - 1;
    // biome-ignore lint/performance/noAwaitInLoops: one step needs what the step before it made.
    const code = await run({ ...step, command: [...step.command, ...(isLast ? words : [])], environment });
    if (code !== 0) return code;
  }
  return 0;
}

/** Makes Node, pnpm and the installed packages right; returns the environment to run things in. */
async function bootstrap() {
  if (process.platform === "win32") throw new Error("This needs Linux or macOS (on Windows, WSL).");
  if (!isReady()) {
    const release = await takeLock();
    try {
      // Looked at once more: another run may have done all of it while we waited.
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

/** The npm packages that have to be fetched into `.tools/`. */
function missingTools() {
  const wanted = [...(isNodeNewEnough() ? [] : [nodePackage()]), ...(hasPnpm() ? [] : ["pnpm"])];
  return wanted.filter((name) => installedVersion(name) !== (name === "pnpm" ? PNPM_VERSION : NODE_VERSION));
}

// Types are stripped without a flag from 22.18 and 23.6 on.
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
  // The one in .tools comes first on the PATH, so it has to be the right one.
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
    // Without a terminal pnpm stops at its questions, unless it is told that nobody is there to answer.
    environment: { ...toolEnvironment(), CI: "true" },
    quietly: "Installing packages",
  });
  writeFileSync(stampFile, stamp());
}

/** What decides whether an installation is still right: the lockfile and every manifest. */
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

// The binary of pnpm's platform package. The package "pnpm" itself holds a script without a first line until its
// install script has run, which newer versions of npm block; a shell starts that, but turbo does not.
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
 * Runs a command in a process group of its own, passes signals on to the whole group and returns its exit code. A
 * quiet one says what it does once it takes long, and shows its output when it fails. A tied one has a channel to us
 * and so notices when we are gone.
 */
function run({ command: [program, ...words], environment, folder = root, quietly, isTied = false }) {
  const output = quietly ? "pipe" : "inherit";
  const child = spawn(program, words, {
    cwd: folder,
    env: environment,
    detached: true,
    stdio: [quietly ? "ignore" : "inherit", output, output, ...(isTied ? ["ipc"] : [])],
  });
  const kept = [];
  for (const stream of quietly ? [child.stdout, child.stderr] : [])
    stream.on("data", (chunk) => kept.push(chunk));
  const notice = quietly && setTimeout(() => console.error(`${quietly} …`), 1500);

  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let isInterrupted = false;
  const forward = (signal) => {
    isInterrupted = true;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended just now.
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
      // Turbo says that all went well when it was stopped halfway.
      const wasCutShort = quietly && isInterrupted && code === 0;
      const outcome = wasCutShort ? 130 : (code ?? 128 + os.constants.signals[signal]);
      if (quietly && outcome !== 0 && !isInterrupted) process.stderr.write(Buffer.concat(kept));
      resolve(outcome);
    });
  });
}

// npm passes a SIGTERM on to the shell that it started us by, and that one does not.
function whenOrphaned(action) {
  const parent = process.ppid;
  // biome-ignore lint/suspicious/noUndeclaredEnvVars: set by npm, and for no task of turbo's.
  if (!process.env.npm_lifecycle_event) return undefined;
  return setInterval(() => process.ppid !== parent && action(), 500).unref();
}

/** Waits for any other run's bootstrap to end. Returns the function that lets the next one in. */
async function takeLock() {
  mkdirSync(tools, { recursive: true });
  const file = path.join(tools, "bootstrap.lock");
  for (let told = false; ; told = true) {
    try {
      writeFileSync(file, String(process.pid), { flag: "wx" });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    if (isStale(file)) removeStale(file);
    else if (!told) console.error("Waiting for another run to finish its installation …");
    // biome-ignore lint/performance/noAwaitInLoops: polls a lock file.
    await sleep(200);
  }
}

// A process that was killed cannot remove its lock, and its pid may be another's by now: hence the age.
function isStale(file) {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const pid = Number(readIfAny(file));
    // A file without a pid is about to be written, or was left by a full disk.
    return age > 20 * MINUTE || (age > 1000 && (!pid || !isRunning(pid)));
  } catch {
    return false;
  }
}

// Renamed first: of two who found it stale, one gets it, and gives it back when that was a third one's new lock.
function removeStale(file) {
  try {
    const aside = `${file}.${process.pid}`;
    renameSync(file, aside);
    if (isStale(aside)) rmSync(aside);
    else renameSync(aside, file);
  } catch {
    // The other one was faster.
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
