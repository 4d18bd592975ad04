import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** Names every package without a layer, because `turbo boundaries` allows all imports to an untagged package. */
export async function checkTags(): Promise<string | undefined> {
  const { boundaries } = JSON.parse(readFileSync(path.join(root, "turbo.json"), "utf8"));
  const untagged = globSync(["apps/*/package.json", "packages/*/package.json", "sql/package.json"], {
    cwd: root,
  })
    .map((manifest) => path.dirname(manifest))
    .filter((folder) => {
      const file = path.join(root, folder, "turbo.json");
      const tags: string[] = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).tags : [];
      return !tags.some((tag) => tag in boundaries.tags);
    });
  return untagged.length > 0
    ? untagged.map((folder) => `${folder}/turbo.json: give it one of the tags in turbo.json`).join("\n")
    : undefined;
}
