import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseEnv } from "node:util";
import { accessSettings, onlyTrue, parseSettings } from "@smarteros/core";
import { databaseUrl, httpUrl } from "@smarteros/core/settings";
import { siteProblems, siteSettings } from "@smarteros/identity";
import { supabaseProblems, supabaseSettings } from "@smarteros/supabase/settings";
import { backendProblems, backendSettings } from "@smarteros/tools-fastapi/settings";
import * as z from "zod";

/** The repository's root folder. */
const root = fileURLToPath(new URL("../../..", import.meta.url));

/** The checked settings, with the apps' names and rules. */
const fields = {
  MCP_ENABLED: onlyTrue,
  MCP_LOG_DB: onlyTrue,
  ...supabaseSettings,
  SUPABASE_SERVICE_ROLE_KEY: supabaseSettings.SUPABASE_SERVICE_ROLE_KEY.optional(),
  SUPABASE_JWT_PRIVATE_KEY: z.string().optional(),
  SUPABASE_JWT_SECRET: z.string().optional(),
  ...siteSettings,
  ...accessSettings,
  ...backendSettings,
  WEB_URL: httpUrl({ plainHttp: true }).optional(),
  DATABASE_URL: databaseUrl.optional(),
  SMARTEROS_ACCESS_TOKEN: z.string().optional(),
};

type Fields = typeof fields;
export type DoctorSettings = { [Name in keyof Fields]?: z.output<Fields[Name]> };
export type Environment = Record<string, string | undefined>;

// Vercel sets its variables on any deployment, and SMARTEROS_IDENTITY without other settings configures nothing.
const own = Object.keys(fields).filter((name) => !/^(?:VERCEL|SMARTEROS_IDENTITY$)/.test(name));

/**
 * Merges the process's environment over the given files, by default the `.env` of the repository's root if it exists.
 */
export function readEnvironment(files: string[], given: Environment = process.env): Environment {
  const standard = path.join(root, ".env");
  const wanted = files.length > 0 ? files : existsSync(standard) ? [standard] : [];
  return Object.assign({}, ...wanted.map((file) => parseEnv(readFileSync(file, "utf8"))), given);
}

/** Returns true when an environment sets anything that can be checked. */
export function setsAnything(environment: Environment): boolean {
  return own.some((name) => environment[name]?.trim());
}

/**
 * Parses each setting separately, so that an invalid one does not prevent the checks of the others. Problems have the
 * apps' messages.
 */
export function readSettings(environment: Environment): {
  settings: DoctorSettings;
  problems: string[];
  /** The names of the invalid settings. */
  wrong: ReadonlySet<string>;
} {
  const settings: DoctorSettings = {};
  const problems: string[] = [];
  for (const [name, schema] of Object.entries(fields)) {
    const parsed = parseSettings(z.object({ [name]: schema }), environment);
    if (parsed.ok) Object.assign(settings, parsed.value);
    else problems.push(...parsed.problems);
  }
  const wrong = new Set(problems.map((problem) => problem.split(" ", 1)[0] ?? ""));
  // Invalid settings are not compared with others.
  const others = [...crossProblems(settings)].filter(({ path: [name = ""] }) => !wrong.has(name));
  for (const {
    path: [name = ""],
    message,
  } of others) {
    problems.push(`${name} is ${environment[name]?.trim() ? "not valid" : "missing"}: ${message}`);
    wrong.add(name);
  }
  return { settings, problems, wrong };
}

function* crossProblems(settings: DoctorSettings): Generator<{ path: string[]; message: string }> {
  yield* supabaseProblems(settings);
  yield* siteProblems(settings);
  yield* backendProblems(settings);
}

/** Returns the file in which `npm start` records its running programs. */
export function runningFile({ SMARTEROS_DATA_DIR: folder }: Environment): string {
  return path.join(path.resolve(root, folder?.trim() || ".smarteros"), "running.json");
}
