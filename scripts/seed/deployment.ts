import { parseArgs } from "node:util";
import postgres from "postgres";
import { sharing, type Target, userOf } from "./target.ts";

export const usage = `npm run seed                                    checks the embedded default, which it starts
npm run seed -- --url https://… --token …       checks a deployment, as the bearer of a session token
  --write                                       may create demo tenants there, which it deletes
  --supabase-url https://… --service-key …      reads the tables of the project
  DATABASE_URL in the environment               reads their types, defaults and policies`;

export type DeploymentArguments = {
  url: string;
  token: string;
  write: boolean;
  supabase?: { url: string; serviceKey: string };
};

/** Parses the command line: a deployment, or undefined for the embedded default. Throws one line when it is invalid. */
export function readArguments(given: string[]): DeploymentArguments | undefined {
  const { values } = parseArgs({
    args: given,
    options: {
      url: { type: "string" },
      token: { type: "string" },
      write: { type: "boolean", default: false },
      "supabase-url": { type: "string" },
      "service-key": { type: "string" },
    },
  });
  const { url, token, write, "supabase-url": supabaseUrl, "service-key": serviceKey } = values;
  if ((supabaseUrl === undefined) !== (serviceKey === undefined))
    throw new Error("Give --supabase-url and --service-key together.");
  if (url === undefined && token === undefined) {
    if (write || supabaseUrl !== undefined)
      throw new Error("Give --url and --token: the others are for a deployment.");
    return undefined;
  }
  if (url === undefined || token === undefined) throw new Error("Give --url and --token together.");
  return {
    url: originOf("--url", url),
    token,
    write,
    ...(supabaseUrl && serviceKey
      ? { supabase: { url: originOf("--supabase-url", supabaseUrl), serviceKey } }
      : {}),
  };
}

/** Normalizes an address without its trailing slash. Rejects plain HTTP, because it would expose the token. */
function originOf(name: string, text: string): string {
  const url = URL.parse(text);
  const isLocal = url !== null && ["127.0.0.1", "localhost"].includes(url.hostname);
  if (url?.protocol !== "https:" && !(isLocal && url.protocol === "http:"))
    throw new Error(`${name} must be an https URL.`);
  return text.replace(/\/+$/, "");
}

/** Creates the target of a deployment. It only reads unless `write` is set, and deletes what it creates. */
export function deployment(
  { url, token, write, supabase }: DeploymentArguments,
  databaseUrl: string | undefined,
): Target {
  const { undo, ...shared } = sharing();
  const sql = databaseUrl ? postgres(databaseUrl, { max: 2 }) : undefined;
  return {
    ...shared,
    url,
    user: userOf(url, token),
    spareUser: userOf(url, token),
    mayWrite: write,
    sql,
    rest: supabase,
    async stop() {
      try {
        await undo();
      } finally {
        await sql?.end();
      }
    },
  };
}
