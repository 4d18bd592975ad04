import { existsSync, readFileSync } from "node:fs";

export type Counts = { passed: number; failed: number; skipped: string[] };

type VitestReport = {
  numPassedTests: number;
  numFailedTests: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
};

/** The counts of Vitest's JSON report; undefined where it wrote none. */
export function vitestCounts(file: string): Counts | undefined {
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

/** The counts of Playwright's JSON report; undefined where it wrote none. */
export function playwrightCounts(file: string): Counts | undefined {
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
