import { spawn } from "node:child_process";
import path from "node:path";
import { checkDocs } from "./check-docs.ts";
import { checkTags } from "./check-tags.ts";
import { checkWebLayers } from "./check-web-layers.ts";
import { checkWords } from "./check-words.ts";
import { checkLayers } from "./layers.ts";
import { checkToolTable } from "./tool-table.ts";

// Rules that a reviewer would otherwise repeat. All of them run concurrently and report together.

const rules = {
  "style, unused code in a file, forbidden constructs (biome)": () =>
    run("biome", "check", "--error-on-warnings"),
  "types of the scripts (tsc)": () => run("tsc", "-p", "scripts"),
  "layers: who may import whom (turbo boundaries)": () => run("turbo", "boundaries"),
  "layers: every package has one": checkTags,
  "layers: folders of the web app": () => checkWebLayers(path.join(import.meta.dirname, "..")),
  "unused files, exports and dependencies (knip)": () => run("knip"),
  "one version of each dependency (sherif)": () => run("sherif"),
  "paths that the documents name": checkDocs,
  "standard terms in comments and file names (docs/glossary.md)": checkWords,
  "the picture of the layers in the documents": checkLayers,
  "the table of tools in README.md": checkToolTable,
};

const results = await Promise.all(
  Object.entries(rules).map(async ([rule, check]) => ({ rule, problems: await check() })),
);
for (const { rule, problems } of results) {
  console.log(`${problems ? "✖" : "✔"} ${rule}`);
  if (problems) console.log(problems);
}
process.exitCode = results.some(({ problems }) => problems) ? 1 : 0;

/** Runs a tool of the workspace. Resolves to its output when it fails, otherwise to undefined. */
function run(tool: string, ...args: string[]): Promise<string | undefined> {
  const { promise, resolve, reject } = Promise.withResolvers<string | undefined>();
  const child = spawn("pnpm", ["exec", tool, ...args], { stdio: ["ignore", "pipe", "pipe"] });
  const printed: Buffer[] = [];
  child.stdout.on("data", (chunk) => printed.push(chunk));
  child.stderr.on("data", (chunk) => printed.push(chunk));
  child.once("error", reject);
  child.once("close", (code) => resolve(code === 0 ? undefined : Buffer.concat(printed).toString()));
  return promise;
}
