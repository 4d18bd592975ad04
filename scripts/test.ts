import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

// Everything that `npm test` promises, on real parts: build, types, rules, unit and integration tests, a real browser.
// A step that fails does not keep the later ones from being tried, but for the build, on which all of them stand.

type Counts = { passed: number; failed: number; skipped: string[] };

const root = fileURLToPath(new URL("..", import.meta.url));
const web = path.join(root, "apps/web");
const reports = mkdtempSync(path.join(tmpdir(), "smarteros-reports-"));
const totals: Counts = { passed: 0, failed: 0, skipped: [] };

try {
  ensureBrowser();
  const built = await step("build", ["turbo", "run", "build", "--output-logs=errors-only"]);
  if (built) {
    await step("types", ["turbo", "run", "typecheck", "--output-logs=errors-only"]);
    await check("rules", "node", ["scripts/lint.ts"], root, () => undefined);
    await vitest("packages, database, embedded default", root);
    await vitest("web door", web);
    await playwright();
  }
} finally {
  rmSync(reports, { recursive: true, force: true });
}

for (const name of totals.skipped) console.log(`skipped: ${name}`);
console.log(`${totals.passed} passed, ${totals.failed} failed, ${totals.skipped.length} skipped`);
process.exitCode = totals.failed > 0 || totals.passed === 0 ? 1 : 0;

function step(name: string, command: string[]) {
  return check(name, "pnpm", ["exec", ...command], root, () => undefined);
}

function vitest(name: string, folder: string) {
  const report = path.join(reports, `${path.basename(folder)}.json`);
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  return check(name, "pnpm", ["exec", "vitest", "run", ...reporters], folder, () => vitestCounts(report));
}

function playwright() {
  const report = path.join(reports, "playwright.json");
  const environment = { PLAYWRIGHT_JSON_OUTPUT_FILE: report };
  return check(
    "browser",
    "pnpm",
    ["exec", "playwright", "test", "--reporter=list,json"],
    web,
    () => playwrightCounts(report),
    environment,
  );
}

/** Runs one step and adds up its counts; one that has none counts as one itself. */
async function check(
  name: string,
  command: string,
  args: string[],
  cwd: string,
  count: () => Counts | undefined,
  environment: Record<string, string> = {},
): Promise<boolean> {
  console.log(`\n── ${name}`);
  const started = performance.now();
  const code = await run(command, args, cwd, environment);
  const counts = count() ?? { passed: code === 0 ? 1 : 0, failed: 0, skipped: [] };
  // A run may fail without a failing test: a set-up that broke, a file that did not load.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  totals.passed += counts.passed;
  totals.failed += counts.failed;
  totals.skipped.push(...counts.skipped);
  const seconds = Math.round((performance.now() - started) / 1000);
  console.log(`── ${name}: ${counts.passed} passed, ${counts.failed} failed, in ${seconds} s`);
  return code === 0;
}

function run(
  command: string,
  args: string[],
  cwd: string,
  environment: Record<string, string>,
): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  const child = spawn(command, args, { cwd, stdio: "inherit", env: { ...process.env, ...environment } });
  child.once("error", reject);
  child.once("close", (code) => resolve(code ?? 1));
  return promise;
}

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
};

function vitestCounts(file: string): Counts | undefined {
  if (!existsSync(file)) return undefined;
  const report: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  const skipped = report.testResults
    .flatMap((suite) => suite.assertionResults)
    .filter(({ status }) => status !== "passed" && status !== "failed");
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: skipped.map((test) => test.fullName),
  };
}

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: { status: string; annotations: { type: string; description?: string }[] }[];
  }[];
};

function playwrightCounts(file: string): Counts | undefined {
  if (!existsSync(file)) return undefined;
  const flatten = (suite: PlaywrightSuite): NonNullable<PlaywrightSuite["specs"]> => [
    ...(suite.specs ?? []),
    ...(suite.suites ?? []).flatMap(flatten),
  ];
  const specs = flatten(JSON.parse(readFileSync(file, "utf8")));
  const tests = specs.flatMap((spec) => spec.tests.map((test) => ({ ...test, title: spec.title })));
  const reason = (test: (typeof tests)[number]) =>
    test.annotations.find(({ type }) => type === "skip")?.description;
  return {
    // One that passed only when it was tried again is not a pass.
    passed: tests.filter(({ status }) => status === "expected").length,
    failed: tests.filter(({ status }) => status === "unexpected" || status === "flaky").length,
    skipped: tests
      .filter(({ status }) => status === "skipped")
      .map((test) => `${test.title}: ${reason(test) ?? "no reason given"}`),
  };
}

/** Chromium from Debian's packages where we may install it, else the one that Playwright brings. */
function ensureBrowser() {
  if (existsSync("/usr/bin/chromium")) return;
  const quiet = { stdio: ["ignore", "ignore", "inherit"] as const };
  const isRoot = process.getuid?.() === 0;
  if (isRoot && spawnSync("apt-get", ["--version"]).status === 0) {
    console.log("Installing Chromium from Debian's packages …");
    spawnSync("apt-get", ["update", "-qq"], { stdio: [...quiet.stdio] });
    spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], {
      stdio: [...quiet.stdio],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    return;
  }
  console.log("Installing Playwright's Chromium …");
  spawnSync("pnpm", ["exec", "playwright", "install", "chromium"], { cwd: web, stdio: [...quiet.stdio] });
}
