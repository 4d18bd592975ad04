import { observabilityTools } from "../packages/observability/src/tools/tools.ts";
import { createBackendTools, provisioningTools } from "../packages/tools-fastapi/src/tools.ts";
import { tenantTools } from "../packages/tools-tenants/src/tools.ts";
import { type MarkedBlock, outdatedBlocks, writeBlock } from "./marked-block.ts";

/** Lists the tools of every catalog, with the backend's. */
export const allTools = [
  ...tenantTools,
  ...observabilityTools,
  ...createBackendTools(),
  ...provisioningTools,
];

type Described = {
  name: string;
  description: string;
  requires: string;
  annotations: { readOnlyHint: boolean; destructiveHint: boolean; idempotentHint: boolean };
};

/** Formats tools as a Markdown table: name, required capability, effect by the hints, first sentence of the description. */
export function toolTable(tools: Described[]): string {
  const rows = tools.map(
    ({ name, requires, annotations, description }) =>
      `| \`${name}\` | ${requires} | ${effectOf(annotations)} | ${firstSentence(description)} |`,
  );
  return ["| tool | needs | effect | what it does |", "|---|---|---|---|", ...rows].join("\n");
}

/** Names README.md when its table differs from the catalog; resolves to undefined when it does not. */
export async function checkToolTable(): Promise<string | undefined> {
  return outdatedBlocks(toolsBlock());
}

function effectOf({ readOnlyHint, destructiveHint, idempotentHint }: Described["annotations"]): string {
  if (readOnlyHint) return "reads";
  return [destructiveHint ? "destructive" : "writes", ...(idempotentHint ? ["idempotent"] : [])].join(", ");
}

// The backend's paths, which follow a colon, are in docs/backend-proxy.md.
function firstSentence(description: string): string {
  const [sentence = ""] = description.replace(/^Use to /, "").split(/\. |: \//);
  return sentence.charAt(0).toUpperCase() + sentence.slice(1).replace(/\.$/, "");
}

function toolsBlock(): MarkedBlock {
  return {
    name: "tools",
    documents: ["README.md"],
    text: toolTable(allTools),
    command: "node scripts/tool-table.ts",
  };
}

if (import.meta.main) writeBlock(toolsBlock());
