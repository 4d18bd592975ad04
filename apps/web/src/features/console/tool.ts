import type { ToolDescription } from "@smarteros/core";
import type { KnownTenant } from "../tool-arguments/known-tenant.ts";

/** A tool as the console shows it; `alias` is its name on the MCP protocol. */
export type ConsoleTool = ToolDescription & { alias: string };

/** The effects of a tool, most serious first. */
export type Hint = "destructive" | "changes" | "reads" | "outside";

export function hintsOf({ annotations }: ConsoleTool): Hint[] {
  const effect = annotations.readOnlyHint ? "reads" : annotations.destructiveHint ? "destructive" : "changes";
  return annotations.openWorldHint ? [effect, "outside"] : [effect];
}

/**
 * Groups by namespace the tools that contain every word of the search in name or description, ignoring accents and case.
 */
export function groupTools(tools: readonly ConsoleTool[], search: string): [string, ConsoleTool[]][] {
  const words = plain(search).split(/\s+/).filter(Boolean);
  const found = tools.filter((tool) => {
    const text = plain(`${tool.name} ${tool.alias} ${tool.description}`);
    return words.every((word) => text.includes(word));
  });
  return Object.entries(Object.groupBy(found, ({ name }) => name.slice(0, name.indexOf(".")))).map(
    ([namespace, group]) => [namespace, group ?? []],
  );
}

const plain = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Returns the tenants with an id in the call's arguments, under any key. */
export function tenantsNamed(args: unknown, tenants: readonly KnownTenant[]): KnownTenant[] {
  // An id is one in capitals too.
  const text = (JSON.stringify(args) ?? "").toLowerCase();
  return tenants.filter(({ id }) => text.includes(`"${id}"`));
}
