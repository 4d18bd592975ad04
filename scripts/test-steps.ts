import { spawn } from "node:child_process";
import type { Counts } from "./test-counts.ts";

export type Step = {
  name: string;
  command: string[];
  folder: string;
  environment?: Record<string, string>;
  /** Reads the counts of the command; a step without counts is one test. */
  counts?: () => Counts | undefined;
  /** Prints the command's output at its end, because another step prints concurrently. */
  isAside?: boolean;
};

/** Runs steps, prints their counts and sums them up. */
export function testSteps() {
  const totals: Counts = { passed: 0, failed: [], skipped: [] };
  return {
    totals,
    /** Runs one step; resolves to true when its command succeeded. */
    async run({ name, command, folder, environment = {}, counts, isAside = false }: Step): Promise<boolean> {
      if (!isAside) console.log(`\n── ${name}`);
      const started = performance.now();
      const { code, output } = await execute(command, folder, environment, isAside);
      if (isAside) console.log(`\n── ${name}\n${output.trimEnd()}`);
      const counted = counts?.() ?? { passed: code === 0 ? 1 : 0, failed: [], skipped: [] };
      // A run may fail without a failing test: a failed set-up, or a file that did not load.
      if (code !== 0 && counted.failed.length === 0) counted.failed.push(`${name}: exit code ${code}`);
      totals.passed += counted.passed;
      totals.failed.push(...counted.failed);
      totals.skipped.push(...counted.skipped);
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(`── ${name}: ${counted.passed} passed, ${counted.failed.length} failed, in ${seconds} s`);
      return code === 0;
    },
  };
}

function execute(
  [program = "", ...args]: string[],
  folder: string,
  environment: Record<string, string>,
  isAside: boolean,
): Promise<{ code: number; output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number; output: string }>();
  const output = isAside ? "pipe" : "inherit";
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["inherit", output, output],
    env: { ...process.env, ...environment },
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => printed.push(chunk));
  child.once("error", reject);
  child.once("close", (code) => resolve({ code: code ?? 1, output: Buffer.concat(printed).toString() }));
  return promise;
}
