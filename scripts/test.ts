import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { ensureBrowser } from "./browser.ts";
import { ensurePostgres } from "./postgres.ts";
import { noBackend, readTestArguments, type TestArguments } from "./test-arguments.ts";
import { playwrightCounts, vitestCounts } from "./test-counts.ts";
import { testSteps } from "./test-steps.ts";

// The steps of `npm test`: build, types, rules, unit and integration tests, a real browser, and one small run of every
// benchmark. A failed step does not prevent the later ones, except the build, on which all depend. docs/testing.md
// lists when each runs.

const root = path.join(import.meta.dirname, "..");
const web = path.join(root, "apps/web");
const reports = mkdtempSync(path.join(tmpdir(), "smarteros-reports-"));
const { run, totals } = testSteps();

try {
  await main(readTestArguments(process.argv.slice(2)));
  for (const name of totals.failed) console.log(`failed: ${name}`);
  for (const name of totals.skipped) console.log(`skipped: ${name}`);
  const { passed, failed, skipped } = totals;
  console.log(`${passed} passed, ${failed.length} failed, ${skipped.length} skipped`);
  process.exitCode = failed.length > 0 || passed === 0 ? 1 : 0;
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
} finally {
  rmSync(reports, { recursive: true, force: true });
}

async function main({ workspaces, postgresVersion, maxRows, seed }: TestArguments): Promise<void> {
  const isWhole = workspaces.length === 0;
  const has = (folder: string) => isWhole || workspaces.includes(folder);
  ensurePostgres(postgresVersion);
  if (has("apps/web") || has("apps/bench")) ensureBrowser();
  if (seed !== undefined)
    console.log(`Shuffled by seed ${seed}: npm test -- --seed ${seed} repeats the order.`);
  const environment = {
    // The hundreds of programs that tests start share Node's compile cache.
    NODE_COMPILE_CACHE: path.join(root, "node_modules/.cache/compile"),
    EMBEDDED_POSTGRES: postgresVersion,
    ...(maxRows === undefined ? {} : { EMBEDDED_MAX_ROWS: String(maxRows) }),
  };

  const [isBuilt] = await Promise.all([build(workspaces), isWhole && rules()]);
  if (!isBuilt) return;
  const inRoot = workspaces.filter((folder) => folder !== "apps/bench" && folder !== noBackend);
  if (isWhole || inRoot.length > 0)
    await vitest(
      "packages, database, embedded default",
      root,
      environment,
      seed,
      inRoot.map((folder) => `${folder}/`),
    );
  if (workspaces.includes(noBackend)) await vitest("no backend", web, environment, seed, ["test/no-backend"]);
  if (has("apps/web")) {
    await vitest("web app over HTTP", web, environment, seed);
    await playwright(environment);
  }
  if (has("apps/bench")) await benchmarks(environment);
}

/** Builds, and checks the types concurrently; only a failed build ends the run. */
async function build(workspaces: string[]): Promise<boolean> {
  const filters = workspaces
    .filter((folder) => existsSync(path.join(root, folder, "package.json")))
    .map((folder) => `--filter=./${folder}`);
  const turbo = (...tasks: string[]) =>
    ["pnpm", "exec", "turbo", "run", ...tasks, ...filters, "--continue=dependencies-successful"].concat(
      "--output-logs=errors-only",
      "--ui=stream",
    );
  if (await run({ name: "build and types", command: turbo("build", "typecheck"), folder: root })) return true;
  return run({ name: "build", command: turbo("build"), folder: root });
}

function rules() {
  return run({ name: "rules", command: ["node", "scripts/lint.ts"], folder: root, isAside: true });
}

function vitest(
  name: string,
  folder: string,
  environment: Record<string, string>,
  seed: number | undefined,
  folders: string[] = [],
) {
  const report = path.join(reports, `${path.basename(folder)}.json`);
  const order = seed === undefined ? [] : ["--sequence.shuffle=true", `--sequence.seed=${seed}`];
  const command = [
    ...["pnpm", "exec", "vitest", "run", ...folders, ...order],
    // A workspace may have no tests in this configuration.
    ...["--passWithNoTests", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
  ];
  return run({ name, command, folder, environment, counts: () => vitestCounts(report) });
}

function playwright(environment: Record<string, string>) {
  const report = path.join(reports, "playwright.json");
  return run({
    name: "browser",
    command: ["pnpm", "exec", "playwright", "test", "--reporter=list,json"],
    folder: web,
    environment: { ...environment, PLAYWRIGHT_JSON_OUTPUT_FILE: report },
    counts: () => playwrightCounts(report),
  });
}

function benchmarks(environment: Record<string, string>) {
  const command = ["node", "apps/bench/src/main.ts", "--small"];
  return run({ name: "benchmarks, small", command, folder: root, environment });
}
