import { spawn } from "node:child_process";
import path from "node:path";

/** What a benchmark runs that has to be built, as a task of Turborepo, whose cache keeps what did not change. */
export type Built =
  | "@smarteros/web#build"
  | "@smarteros/mcp-stdio#build"
  | "@smarteros/bench#peers:stdio"
  | "@smarteros/bench#peers:clerk"
  | "@smarteros/bench#peers:console";

const root = path.join(import.meta.dirname, "../../..");

/** Builds what a benchmark needs. Rejects with what the build printed when it fails. */
export async function buildAll(tasks: readonly Built[]): Promise<void> {
  if (tasks.length === 0) return;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const words = ["exec", "turbo", "run", ...tasks, "--output-logs=errors-only", "--ui=stream"];
  const child = spawn("pnpm", words, { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  child.once("error", reject);
  child.once("close", (code) =>
    code === 0 ? resolve() : reject(new Error(`The build failed.\n${Buffer.concat(printed)}`)),
  );
  return promise;
}
