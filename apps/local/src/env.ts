import path from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Root of the repository. */
export const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

const port = z
  .string()
  .regex(/^\d{1,5}$/)
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535);

const dataDirectory = z
  .string()
  .min(1)
  .default(".smarteros")
  .transform((folder) => path.resolve(root, folder));

const rules: Record<string, string> = {
  WEB_PORT: "must be a port number from 1 to 65535",
  SUPABASE_PORT: "must be a port number from 1 to 65535, and not that of the web app",
  SMARTEROS_DATA_DIR: "must be a folder; leave it out for .smarteros",
  SMARTEROS_IDENTITY: 'must be "local" or left out: there is no Clerk in the embedded default',
};

const settings = z
  .object({
    WEB_PORT: port.default(3000),
    SUPABASE_PORT: port.default(54_321),
    SMARTEROS_DATA_DIR: dataDirectory,
    SMARTEROS_IDENTITY: z.literal("local").default("local"),
  })
  .refine((value) => value.WEB_PORT !== value.SUPABASE_PORT, { path: ["SUPABASE_PORT"] })
  .transform((value) => ({
    webPort: value.WEB_PORT,
    supabasePort: value.SUPABASE_PORT,
    dataDirectory: value.SMARTEROS_DATA_DIR,
    isDefaultDirectory: value.SMARTEROS_DATA_DIR === path.join(root, ".smarteros"),
  }));

export type Settings = z.infer<typeof settings>;

/** The settings of `npm start`. Throws one message that names every wrong one and shows no value. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const clerk = ["CLERK_SECRET_KEY", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"].filter((name) => environment[name]);
  if (clerk.length > 0)
    throw new Error(
      `${clerk.join(" and ")} set: the embedded default signs users in by its local identity and cannot run with Clerk keys. Unset them, or deploy the web app by itself.`,
    );
  return parse(settings, environment);
}

/** Where the data is kept. */
export function readDataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return parse(z.object({ SMARTEROS_DATA_DIR: dataDirectory }), environment).SMARTEROS_DATA_DIR;
}

/** The variables that any program needs and that name nothing of ours. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  return pick(/^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|TZ|TMPDIR|TERM|NO_COLOR|FORCE_COLOR)$/);
}

/** What the user set of the settings that the embedded default leaves to the web app. */
export function webEnvironment(): NodeJS.ProcessEnv {
  return pick(/^(?:MCP|OTEL|LOG|FASTAPI)_/);
}

function pick(pattern: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => pattern.test(name)));
}

function parse<Schema extends z.ZodType>(schema: Schema, environment: NodeJS.ProcessEnv): z.infer<Schema> {
  const result = schema.safeParse(environment);
  if (result.success) return result.data;
  const names = [...new Set(result.error.issues.map((issue) => String(issue.path[0])))];
  throw new Error(`Wrong settings: ${names.map((name) => `${name} ${rules[name]}`).join("; ")}.`);
}
