import { spawn } from "node:child_process";
import path from "node:path";

/** The Turborepo tasks that build what benchmarks run; Turborepo caches unchanged ones. */
export type Built =
  | "@smarteros/web#build"
  | "@smarteros/mcp-stdio#build"
  | "@smarteros/bench#peers:stdio"
  | "@smarteros/bench#peers:clerk"
  | "@smarteros/bench#peers:console";

const root = path.join(import.meta.dirname, "../../..");

/** Runs build tasks. Rejects with the output of a failed build. */
export async function buildAll(tasks: readonly Built[]): Promise<void> {
  if (tasks.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const args = ["exec", "turbo", "run", ...tasks, "--output-logs=errors-only", "--ui=stream"];
  const child = spawn("pnpm", args, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  child.once("error", reject);
  child.once("close", (code) =>
    code === 0 ? resolve() : reject(new Error(`The build failed.\n${Buffer.concat(printed)}`)),
  );
  return promise;
}
