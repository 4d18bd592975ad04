import { httpUrl, sharedSecret } from "@smarteros/core/settings";
import * as z from "zod";
import { type AllowListReading, readAllowList } from "./allow-list.ts";
import type { AllowedPath } from "./allowed-paths.ts";

/** Maximum characters: a longer list was not written by a person. */
const maxCharacters = 65_536;

/** The allow-list of `fastapi.*` as a setting: a JSON array. Names each wrong entry by its place, its field and the remedy. */
const pathList = z.string().transform((text, context): readonly AllowedPath[] => {
  const reading = readJson(text);
  if (reading.ok) return reading.list.paths;
  for (const message of reading.problems) context.addIssue({ code: "custom", message, input: undefined });
  return z.NEVER;
});

function readJson(text: string): AllowListReading {
  if (text.length > maxCharacters)
    return { ok: false, problems: [`must have at most ${maxCharacters} characters`] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not the parser's own message, which repeats the value.
    const problem = "must be JSON, an array of objects: without quotes around it and commas too many";
    return { ok: false, problems: [problem] };
  }
  return readAllowList(value);
}

/** The service of `fastapi.*`, as the settings describe it. */
export type BackendSettings = {
  url: string;
  secret?: string | undefined;
  /** The allow-list of `fastapi.*`; the default one when left out. */
  paths?: readonly AllowedPath[] | undefined;
};

/** The backend of `services.*` and `n8n.*`, where they do not go through Supabase. */
export type ProvisioningBackendSettings = { url: string; secret: string };

/** Declares the environment variables of both, for the schema of an app. */
export const backendSettings = {
  FASTAPI_URL: httpUrl().optional(),
  FASTAPI_SECRET: sharedSecret.optional(),
  FASTAPI_PATHS: pathList.optional(),
  SMARTEROS_BACKEND_URL: httpUrl().optional(),
  SMARTEROS_BACKEND_SECRET: sharedSecret.optional(),
};

type BackendEnvironment = {
  FASTAPI_URL?: string | undefined;
  FASTAPI_SECRET?: string | undefined;
  FASTAPI_PATHS?: readonly AllowedPath[] | undefined;
  SMARTEROS_BACKEND_URL?: string | undefined;
  SMARTEROS_BACKEND_SECRET?: string | undefined;
};

/** Finds what is missing of one setting because of another. */
export function* backendProblems(env: BackendEnvironment): Generator<{ path: string[]; message: string }> {
  if (env.SMARTEROS_BACKEND_URL && !env.SMARTEROS_BACKEND_SECRET)
    yield {
      path: ["SMARTEROS_BACKEND_SECRET"],
      message: "SMARTEROS_BACKEND_URL needs it, with the value that the backend has",
    };
}

/** Reads the service of `fastapi.*` from an environment; undefined where none is set. */
export function fastapiOf(env: BackendEnvironment): BackendSettings | undefined {
  const { FASTAPI_URL: url, FASTAPI_SECRET: secret, FASTAPI_PATHS: paths } = env;
  return url === undefined ? undefined : { url, secret, paths };
}

/** Reads the backend of `services.*` and `n8n.*` from an environment; undefined where they go through Supabase. */
export function provisioningBackendOf(env: BackendEnvironment): ProvisioningBackendSettings | undefined {
  const { SMARTEROS_BACKEND_URL: url, SMARTEROS_BACKEND_SECRET: secret } = env;
  return url === undefined || secret === undefined ? undefined : { url, secret };
}
