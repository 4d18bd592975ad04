import { readdirSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";

const root = path.join(import.meta.dirname, "..");
const options = {
  pg: { type: "string" },
  "max-rows": { type: "string" },
  shuffle: { type: "boolean", default: false },
  seed: { type: "string" },
} as const;

export type TestArguments = {
  /** The workspaces to test, as folders relative to the root, and `no-backend`; empty for all. */
  workspaces: string[];
  postgresVersion: "16" | "17" | "18";
  maxRows: number | undefined;
  /** The seed of a shuffled order of files and tests; undefined for the usual order. */
  seed: number | undefined;
};

/** Short name of the test of a deployment without a backend, a part of those of the web app. */
export const noBackend = "no-backend";

/** Returns the folder of each workspace by short name: `core`, `tools-tenants`, `web`, `sql`. */
export function workspaceFolders(): Record<string, string> {
  const folders = ["packages", "apps"].flatMap((group) =>
    readdirSync(path.join(root, group)).map((name) => [name, `${group}/${name}`]),
  );
  return { ...Object.fromEntries(folders), sql: "sql", scripts: "scripts", deploy: "deploy" };
}

/** Parses the arguments of `npm test`. Throws one line that names the valid ones. */
export function readTestArguments(args: string[]): TestArguments {
  const folders = workspaceFolders();
  const usage = `Use npm test -- [${[...Object.keys(folders), noBackend].join(" | ")}] [--pg 16|17|18] [--max-rows ROWS] [--shuffle] [--seed NUMBER].`;
  const { values, positionals } = parse(args, usage);
  const { pg = "17", "max-rows": maxRows, seed } = values;
  const unknown = positionals.find((name) => name !== noBackend && !Object.hasOwn(folders, name));
  if (unknown !== undefined) throw new Error(`There is no workspace ${unknown}. ${usage}`);
  if (pg !== "16" && pg !== "17" && pg !== "18")
    throw new Error(`There is no embedded Postgres ${pg}. ${usage}`);
  return {
    workspaces: positionals.flatMap((name) => (name === noBackend ? noBackend : (folders[name] ?? []))),
    postgresVersion: pg,
    maxRows: positive("--max-rows", maxRows, usage),
    seed: positive("--seed", seed, usage) ?? (values.shuffle ? newSeed() : undefined),
  };
}

function parse(args: string[], usage: string) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    // Only the first sentence of Node's message: the rest is advice that does not apply here.
    throw new Error(`${(error as Error).message.split(". ")[0]}. ${usage}`);
  }
}

function positive(name: string, text: string | undefined, usage: string): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${name} takes a positive number, not ${text}. ${usage}`);
  return Number(text);
}

function newSeed(): number {
  return 1 + Math.floor(Math.random() * 999_999);
}
