import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { type MarkedBlock, outdatedBlocks, writeBlock } from "./marked-block.ts";

const root = fileURLToPath(new URL("..", import.meta.url));

type Boundaries = Record<string, { dependencies: { allow: string[] } }>;

/** Draws the layers from the tags in turbo.json, the top layer first, each with its workspaces and allowed imports. */
export function drawLayers(boundaries: Boundaries, tagOf: Record<string, string>): string {
  const rows = Object.entries(boundaries)
    .map(([tag, { dependencies }]) => ({
      tag,
      workspaces: Object.keys(tagOf)
        .filter((workspace) => tagOf[workspace] === tag)
        .sort()
        .join(" · "),
      imports: dependencies.allow.length > 0 ? `imports ${dependencies.allow.join(", ")}` : "imports none",
      depth: depthOf(tag, boundaries),
    }))
    .toSorted((one, other) => other.depth - one.depth);
  const [tagWidth, workspacesWidth] = [
    Math.max(...rows.map(({ tag }) => tag.length)),
    Math.max(...rows.map(({ workspaces }) => workspaces.length)),
  ];
  return rows
    .map(
      ({ tag, workspaces, imports }) =>
        `${tag.padEnd(tagWidth)}   ${workspaces.padEnd(workspacesWidth)}   ${imports}`,
    )
    .join("\n");
}

/** Returns the length of the longest import chain below a layer. */
function depthOf(tag: string, boundaries: Boundaries): number {
  const below = boundaries[tag]?.dependencies.allow ?? [];
  return below.length === 0 ? 0 : 1 + Math.max(...below.map((name) => depthOf(name, boundaries)));
}

/** Names the documents whose picture differs from the tags; resolves to undefined for none. */
export async function checkLayers(): Promise<string | undefined> {
  return outdatedBlocks(layersBlock());
}

function layersBlock(): MarkedBlock {
  const { boundaries } = readJson("turbo.json");
  const tagOf = Object.fromEntries(
    globSync(["apps/*/turbo.json", "packages/*/turbo.json", "sql/turbo.json"], { cwd: root }).map((file) => [
      path.basename(path.dirname(file)),
      readJson(file).tags[0],
    ]),
  );
  return {
    name: "layers",
    documents: ["README.md", "docs/layers.md"],
    text: `\`\`\`\n${drawLayers(boundaries.tags, tagOf)}\n\`\`\``,
    command: "node scripts/layers.ts",
  };
}

function readJson(file: string) {
  return JSON.parse(readFileSync(path.join(root, file), "utf8"));
}

if (import.meta.main) writeBlock(layersBlock());
