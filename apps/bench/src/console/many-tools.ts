import { createCatalog, createPrincipal, type Tool } from "@smarteros/core";
import { toolNames } from "@smarteros/mcp";
import { createBackendTools, provisioningTools } from "@smarteros/tools-fastapi";
import { tenantTools } from "@smarteros/tools-tenants";

const real = createCatalog<never>([
  ...tenantTools,
  ...createBackendTools(),
  ...provisioningTools,
] as Tool<never>[]).describe(createPrincipal("user_bench", "admin"));

/** The number of tools in our catalog. */
export const toolCount = real.length;

/** Creates `count` tool descriptions: the real ones repeatedly under generated names. */
export function manyTools(count: number) {
  const tools = Array.from({ length: count }, (_, index) => {
    const tool = real[index % real.length];
    if (!tool) throw new Error("the catalog is empty");
    const [namespace, verb] = tool.name.split(".");
    return { ...tool, name: `${namespace}${Math.floor(index / real.length)}.${verb}` };
  });
  const names = toolNames(
    tools.map(({ name }) => name),
    "alias",
  );
  return tools.map((tool) => ({ ...tool, alias: names.shown(tool.name) }));
}
