import { createCatalog, createPrincipal, type Tool } from "@smarteros/core";
import { toolNames } from "@smarteros/mcp";
import { createBackendTools } from "@smarteros/tools-fastapi";
import { tenantTools } from "@smarteros/tools-tenants";

const real = createCatalog<never>([...tenantTools, ...createBackendTools()] as Tool<never>[]).describe(
  createPrincipal("user_bench", "admin"),
);

/** How many tools our catalog has. */
export const toolCount = real.length;

/** So many described tools: the real ones over and over, under made-up names. */
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
