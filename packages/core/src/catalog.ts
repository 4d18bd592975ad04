import * as z from "zod";
import type { Principal } from "./principal.ts";
import type { Annotations, Tool } from "./tool.ts";

export type ToolDescription = {
  name: string;
  description: string;
  requires: string;
  annotations: Annotations;
  /** JSON Schema 2020-12 of the arguments. The results' schemas are left out: agents pay for every byte of a list. */
  inputSchema: Record<string, unknown>;
};

export type Catalog<Ports> = {
  names(): string[];
  /** Finds a tool by its canonical name or by the one that MCP clients list. */
  find(name: string): Tool<Ports> | undefined;
  /** Lists the tools that the principal may call, by name. */
  permitted(principal: Principal): Tool<Ports>[];
  /** Describes the permitted tools for a transport; their schemas are computed once. */
  describe(principal: Principal): ToolDescription[];
  /** Returns the listed schema of a tool's arguments, computed once; undefined for an unknown tool. */
  inputSchema(name: string): Record<string, unknown> | undefined;
  /** Finds the permitted tool with the name nearest to a misspelt one, if any is near. */
  suggest(name: string, principal: Principal): string | undefined;
};

/** Returns the canonical name for the one that MCP clients list: `tenants.list` for `tenants_list`; any other is unchanged. */
export const canonicalName = (name: string): string => (name.includes(".") ? name : name.replace("_", "."));

/** Collects tools under their canonical dotted names. Throws when a name is malformed or taken. */
export function createCatalog<Ports>(tools: readonly Tool<Ports>[]): Catalog<Ports> {
  const byName = new Map<string, Tool<Ports>>();
  for (const tool of [...tools].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (!/^[a-z][a-z0-9]*\.[a-zA-Z][a-zA-Z0-9]*$/.test(tool.name) || tool.name.length > 64) {
      throw new Error(`Tool name "${tool.name}" is not of the form namespace.verb.`);
    }
    if (byName.has(tool.name)) throw new Error(`Two tools are named "${tool.name}".`);
    byName.set(tool.name, tool);
  }
  const described = new Map<string, ToolDescription>();

  function permitted(principal: Principal) {
    return [...byName.values()].filter((tool) => principal.capabilities.has(tool.requires));
  }

  function describe(tool: Tool<Ports>): ToolDescription {
    const known = described.get(tool.name);
    if (known) return known;
    const { name, description, requires, annotations } = tool;
    const inputSchema = z.toJSONSchema(tool.input, {
      io: "input",
      target: "draft-2020-12",
      override: ({ jsonSchema }) => removeUnportableKeywords(jsonSchema),
    });
    const result = { name, description, requires, annotations, inputSchema };
    described.set(name, result);
    return result;
  }

  return {
    names: () => [...byName.keys()],
    find: (name) => byName.get(canonicalName(name)),
    permitted,
    describe: (principal) => permitted(principal).map(describe),
    inputSchema(name) {
      const tool = byName.get(canonicalName(name));
      return tool && describe(tool).inputSchema;
    },
    suggest(name, principal) {
      const given = letters(name.slice(0, 64));
      const nearest = permitted(principal)
        .map((tool) => ({ name: tool.name, distance: editDistance(given, letters(tool.name)) }))
        .sort((a, b) => a.distance - b.distance)[0];
      return nearest && nearest.distance <= 3 ? nearest.name : undefined;
    },
  };
}

// One regular expression feature that Python's `re`, RE2 and ECMAScript without the flag `u` read differently or refuse:
// Unicode classes and escapes, control and named references, lookaround and inline flags.
const unportable = /\\[pPuUxckNX]|\(\?(?!:)|\[\^?\]/;

/**
 * Removes from a listed schema what a model provider refuses, and with it the whole request: `propertyNames`, and
 * patterns that Python's `re` or RE2 cannot compile. Removes the pattern beside a `format` too, which repeats it in up to
 * 360 characters. The server validates by the complete schema.
 */
function removeUnportableKeywords(schema: { format?: string; pattern?: string; propertyNames?: unknown }) {
  delete schema.propertyNames;
  if (schema.format === "uuid" || schema.format === "date-time") delete schema.pattern;
  if (schema.pattern !== undefined && unportable.test(schema.pattern)) delete schema.pattern;
}

const letters = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, "");

/** Computes the Levenshtein distance. Written here because core depends on zod and OpenTelemetry only. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
