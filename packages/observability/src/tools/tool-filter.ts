import { canonicalName, SmarterosError } from "@smarteros/core";

/** The names of tools that this program's records may hold. */
export type ToolNamePorts = { toolNames: readonly string[] };

/**
 * Throws `invalid_input` with the names of its namespace where a filter that found nothing names an unknown tool. What was found
 * is shown under any name: another program or an earlier release may have tools that this one lacks.
 */
export function requireTool(given: string, { toolNames }: ToolNamePorts): void {
  const name = canonicalName(given);
  if (toolNames.includes(name)) return;
  const [namespace = ""] = name.split(".");
  const near = toolNames.filter((one) => one.startsWith(`${namespace}.`));
  const shown = (near.length > 0 ? near : toolNames).join(", ");
  const message = `There is no tool ${JSON.stringify(given.slice(0, 64))}. Use one of ${shown}.`;
  throw new SmarterosError("invalid_input", `tool: ${message}`, { issues: [{ path: "tool", message }] });
}
