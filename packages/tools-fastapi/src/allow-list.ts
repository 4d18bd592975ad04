import type { Capability } from "@smarteros/core";
import * as z from "zod";
import { type AllowedPath, defaultPaths } from "./allowed-paths.ts";
import { compileSchema, type SchemaCheck } from "./json-schema.ts";
import {
  bySpecificity,
  matchPattern,
  parameterNames,
  patternProblem,
  reservedProblem,
  shapeOf,
} from "./path-pattern.ts";

const maxEntries = 100;
const fields = "method, path, segments, query, body and capability";
const schema = z.record(z.string(), z.unknown(), "must be a JSON Schema: an object");
// Parameters and bodies are objects, by the tools' own schemas: a schema of anything else could never be met.
const ofObjects = schema.refine(({ type }) => type === "object", 'must have "type": "object"');

const entrySchema = z.strictObject(
  {
    method: z.enum(["GET", "POST"], "must be GET or POST, in capitals"),
    path: z.string("must be a path, such as /reports/:id").superRefine((path, { addIssue }) => {
      const message = patternProblem(path);
      if (message) addIssue({ code: "custom", message });
    }),
    segments: z
      .record(z.string(), schema, "must be an object of schemas by the names of segments")
      .optional(),
    query: ofObjects.optional(),
    body: ofObjects.optional(),
    capability: z
      .enum(["read", "write", "audit", "admin"], "must be read, write, audit or admin; left out it is write")
      .optional(),
  },
  { error: ({ code }) => (code === "invalid_type" ? `must be an object of ${fields}` : undefined) },
);

/** An entry with its schemas compiled. */
export type ListedPath = {
  method: AllowedPath["method"];
  path: string;
  capability: Capability;
  query: SchemaCheck | undefined;
  body: SchemaCheck | undefined;
  matches(path: string): boolean;
};

/** A checked allow-list, in the order in which a path is held against it. */
export type AllowList = { paths: readonly AllowedPath[]; entries: readonly ListedPath[] };

export type AllowListReading = { ok: true; list: AllowList } | { ok: false; problems: string[] };

/** Reads an allow-list, or names every entry and field that is wrong, with the remedy. An empty list allows nothing. */
export function readAllowList(given: unknown): AllowListReading {
  if (!Array.isArray(given)) return { ok: false, problems: [`must be a JSON array of objects of ${fields}`] };
  if (given.length > maxEntries) return { ok: false, problems: [`must have at most ${maxEntries} entries`] };
  const problems: string[] = [];
  const paths: AllowedPath[] = [];
  const entries: ListedPath[] = [];
  const shapes = new Map<string, number>();
  for (const [index, one] of given.entries()) {
    const found = (field: string, problem: string) =>
      problems.push(`entry ${index + 1}, ${field}: ${problem}`);
    const parsed = entrySchema.safeParse(one);
    if (!parsed.success) {
      for (const issue of parsed.error.issues) explain(issue, found);
      continue;
    }
    const path = parsed.data;
    const shape = `${path.method} ${shapeOf(path.path)}`;
    const twin = shapes.get(shape);
    if (twin !== undefined)
      found("path", `must not match the same paths as entry ${twin}: leave one of them out`);
    shapes.set(shape, index + 1);
    for (const [field, problem] of meaningProblems(path)) found(field, problem);
    entries.push(listed(path, found));
    paths.push(path);
  }
  entries.sort((a, b) => bySpecificity(a.path, b.path));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, list: { paths, entries } };
}

/** Makes an allow-list; `defaultPaths` when none are given. Throws a TypeError that names each wrong entry and field. */
export function createAllowList(paths: readonly AllowedPath[] = defaultPaths): AllowList {
  const reading = readAllowList(paths);
  if (reading.ok) return reading.list;
  throw new TypeError(`The list of allowed paths is wrong: ${reading.problems.join("; ")}.`);
}

type Found = (field: string, problem: string) => void;

function explain(issue: z.core.$ZodIssue, found: Found): void {
  if (issue.code === "unrecognized_keys") {
    for (const key of issue.keys) found(key.slice(0, 40), `is not a field: there are ${fields}`);
  } else found(issue.path.join(".") || "the entry", issue.message);
}

function* meaningProblems({
  method,
  path,
  segments = {},
  query,
  body,
}: AllowedPath): Generator<[string, string]> {
  const reserved = reservedProblem(method, path);
  if (reserved) yield ["path", reserved];
  if (method === "POST" && query) yield ["query", "is for GET alone: leave it out"];
  if (method === "GET" && body) yield ["body", "is for POST alone: leave it out"];
  for (const name of Object.keys(segments))
    if (!parameterNames(path).includes(name))
      yield [
        `segments.${name.slice(0, 40)}`,
        "has no :name segment in path: correct the name or leave it out",
      ];
}

function listed(
  { method, path, segments = {}, query, body, capability = "write" }: AllowedPath,
  found: Found,
) {
  const compile = (field: string, given: AllowedPath["query"]): SchemaCheck | undefined => {
    try {
      return given && compileSchema(given);
    } catch (error) {
      found(field, `is no schema that can be checked: ${(error as Error).message.slice(0, 300)}`);
      return undefined;
    }
  };
  const checks = Object.entries(segments).map(
    ([name, schema]) => [name, compile(`segments.${name}`, schema)] as const,
  );
  return {
    method,
    path,
    capability,
    query: compile("query", query),
    body: compile("body", body),
    matches(candidate: string) {
      const parts = matchPattern(path, candidate);
      return parts !== undefined && checks.every(([name, check]) => check?.(name, parts[name]).length === 0);
    },
  };
}
