import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { stripVTControlCharacters } from "node:util";

/** The number of passed tests, and the names of failed and skipped ones with their reasons. */
export type Counts = { passed: number; failed: string[]; skipped: string[] };

type VitestReport = {
  numPassedTests: number;
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
  }[];
};

/** Reads the counts of Vitest's JSON report; undefined when it does not exist. */
export function vitestCounts(file: string): Counts | undefined {
  if (!existsSync(file)) return undefined;
  const report: VitestReport = JSON.parse(readFileSync(file, "utf8"));
  const tests = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map((test) => ({ ...test, title: `${path.basename(name)}: ${test.fullName}` })),
  );
  // A file that failed to load or to set up has no failed test.
  const files = report.testResults.filter(
    (file) => file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed"),
  );
  return {
    passed: report.numPassedTests,
    failed: [
      ...tests
        .filter(({ status }) => status === "failed")
        .map((test) => `${test.title}: ${firstLine(test.failureMessages[0])}`),
      ...files.map((file) => `${path.basename(file.name)}: ${firstLine(file.message)}`),
    ],
    skipped: tests
      .filter(({ status }) => status !== "passed" && status !== "failed")
      .map(({ title }) => title),
  };
}

function firstLine(message = ""): string {
  return stripVTControlCharacters(message).split("\n", 1)[0]?.slice(0, 300) ?? "";
}

type PlaywrightSuite = {
  suites?: PlaywrightSuite[];
  specs?: {
    title: string;
    tests: {
      status: string;
      annotations: { type: string; description?: string }[];
      results: { error?: { message?: string } }[];
    }[];
  }[];
};

/** Reads the counts of Playwright's JSON report; undefined when it does not exist. */
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
    // A test that passes only on a retry does not count as passed.
    passed: tests.filter(({ status }) => status === "expected").length,
    failed: tests
      .filter(({ status }) => status === "unexpected" || status === "flaky")
      .map((test) => `${test.title}: ${firstLine(test.results.find(({ error }) => error)?.error?.message)}`),
    skipped: tests
      .filter(({ status }) => status === "skipped")
      .map((test) => `${test.title}: ${reason(test) ?? "no reason given"}`),
  };
}
