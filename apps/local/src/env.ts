import path from "node:path";
import { fileURLToPath } from "node:url";
import { connectorSettings, settingsOf, type Vendor, vendors } from "@smarteros/connectors";
import { parseSettings } from "@smarteros/core";
import * as z from "zod";

/** The repository's root folder. */
export const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

const defaultDirectory = path.join(root, ".smarteros");

const port = z
  .string()
  .refine((text) => /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65_535, {
    error: "a port number from 1 to 65535 is wanted",
  })
  .transform(Number);

const dataDirectory = z
  .string()
  .default(defaultDirectory)
  .transform((folder) => path.resolve(root, folder));

const clerkNames = ["CLERK_SECRET_KEY", "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY"];

const settings = z
  .object({
    WEB_PORT: port.optional(),
    SUPABASE_PORT: port.optional(),
    BACKEND_PORT: port.optional(),
    SMARTEROS_DATA_DIR: dataDirectory,
    ...connectorSettings,
    SMARTEROS_IDENTITY: z.literal("local", { error: 'the embedded default knows "local" alone' }).optional(),
  })
  .transform((value) => ({
    webPort: value.WEB_PORT ?? 3000,
    supabasePort: value.SUPABASE_PORT ?? 54_321,
    backendPort: value.BACKEND_PORT ?? 8000,
    /** The ports that the user chose: another program on one of these is theirs to end. */
    setPorts: (["WEB_PORT", "SUPABASE_PORT", "BACKEND_PORT"] as const).filter(
      (name) => value[name] !== undefined,
    ),
    dataDirectory: value.SMARTEROS_DATA_DIR,
    isDefaultDirectory: value.SMARTEROS_DATA_DIR === defaultDirectory,
  }));

export type Settings = z.infer<typeof settings>;

/** Parses the settings of `npm start`. Throws one message that names every invalid one and shows no value. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const clerk = clerkNames.filter((name) => environment[name]?.trim());
  if (clerk.length > 0)
    throw new Error(
      `Unset ${clerk.join(" and ")}: the embedded default signs users in by its local identity and cannot run with Clerk keys.`,
    );
  const parsed = parse(settings, environment);
  const ports = {
    WEB_PORT: parsed.webPort,
    SUPABASE_PORT: parsed.supabasePort,
    BACKEND_PORT: parsed.backendPort,
  };
  if (new Set(Object.values(ports)).size < 3)
    throw new Error(
      `${Object.keys(ports).join(", ")} must be three different ports. Set one of them to another port.`,
    );
  return parsed;
}

/** Returns the data directory. */
export function readDataDirectory(environment: NodeJS.ProcessEnv = process.env): string {
  return parse(z.object({ SMARTEROS_DATA_DIR: dataDirectory }), environment).SMARTEROS_DATA_DIR;
}

const embedded = z
  .object({
    EMBEDDED_POSTGRES: z.enum(["16", "17", "18"]).optional(),
    EMBEDDED_MAX_ROWS: z
      .string()
      .regex(/^[1-9]\d{0,8}$/, { error: "a positive number is wanted" })
      .transform(Number)
      .optional(),
  })
  .transform((value) => ({
    postgresVersion: value.EMBEDDED_POSTGRES,
    maxRows: value.EMBEDDED_MAX_ROWS,
  }));

/** Parses the Postgres version and the REST API's row limit of an embedded project; undefined means the default. */
export function readEmbedded(environment: NodeJS.ProcessEnv = process.env): z.infer<typeof embedded> {
  return parse(embedded, environment);
}

/** Returns the variables that every program needs, none of ours among them. */
export function baseEnvironment(): NodeJS.ProcessEnv {
  return pick(/^(?:PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_ALL|TZ|TMPDIR|TERM|NO_COLOR|FORCE_COLOR)$/);
}

/** Returns the optional settings of the web app that the user set; each program has a separate name in traces. */
export function webEnvironment(): NodeJS.ProcessEnv {
  return pick(
    /^(?:MCP|OTEL|LOG)_(?!SERVICE_NAME$)|^(?:DELETE_GRACE_DAYS|FASTAPI_PATHS|DEFAULT_ROLE|SMARTEROS_ROLE_MAP|MAX_TENANTS_PER_OWNER)$/,
  );
}

/** Returns the optional settings of the backend that the user set. */
export function backendEnvironment(): NodeJS.ProcessEnv {
  return pick(/^OTEL_(?!SERVICE_NAME$)|^DELETE_GRACE_DAYS$/);
}

/** Returns the names of the settings that identify an installation of a vendor; the user sets one to use their own. */
export const settingNamesOf = (vendor: Vendor): string[] =>
  Object.keys(settingsOf[vendor]).filter((name) => name !== "BOTPRESS_PER_TENANT");

/** Returns the vendors' settings that the user set. */
export function connectorEnvironment(): NodeJS.ProcessEnv {
  const names = Object.keys(connectorSettings).filter((name) => process.env[name]?.trim());
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

const sandboxes = z
  .object({
    SANDBOX_FOLDER: z.string(),
    SANDBOX_PORTS: z.string().transform((text) => JSON.parse(text) as unknown),
  })
  .transform(({ SANDBOX_FOLDER: folder, SANDBOX_PORTS: ports }) => ({
    folder,
    ports: z.partialRecord(z.enum(vendors), z.int()).parse(ports),
  }));

/** Reads the settings that the supervisor passes to the process of the sandboxes. */
export const readSandboxSettings = () => sandboxes.parse(process.env);

function pick(pattern: RegExp): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => pattern.test(name)));
}

function parse<Schema extends z.ZodType>(schema: Schema, environment: NodeJS.ProcessEnv): z.output<Schema> {
  const parsed = parseSettings(schema, environment);
  if (parsed.ok) return parsed.value;
  throw new Error(`Wrong settings: ${parsed.problems.join("; ")}.`);
}
