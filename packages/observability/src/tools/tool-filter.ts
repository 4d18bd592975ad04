import { canonicalName, SmarterosError } from "@smarteros/core";

/** The names of tools that a record may hold. */
export type ToolNamePorts = { toolNames: readonly string[] };

/**
 * Returns the canonical name of the tool that a filter names in either spelling. Throws `invalid_input` with the names of its
 * namespace for an unknown one, which would find nothing.
 */
export function toolOf(given: string | undefined, { toolNames }: ToolNamePorts): string | undefined {
  if (given === undefined) return undefined;
  const name = canonicalName(given);
  if (toolNames.includes(name)) return name;
  const [namespace = ""] = name.split(".");
  const near = toolNames.filter((one) => one.startsWith(`${namespace}.`));
  const shown = (near.length > 0 ? near : toolNames).join(", ");
  const message = `There is no tool ${JSON.stringify(given.slice(0, 64))}. Use one of ${shown}.`;
  throw new SmarterosError("invalid_input", `tool: ${message}`, { issues: [{ path: "tool", message }] });
}
