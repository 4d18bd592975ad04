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

/** A backend, as those settings describe it. */
export type BackendSettings = {
  url: string;
  secret?: string | undefined;
  /** The allow-list of `fastapi.*`; the default one when left out. */
  paths?: readonly AllowedPath[] | undefined;
};

/** Declares the backend's environment variables, for the schema of an app. */
export const backendSettings = {
  FASTAPI_URL: httpUrl().optional(),
  FASTAPI_SECRET: sharedSecret.optional(),
  FASTAPI_PATHS: pathList.optional(),
};
