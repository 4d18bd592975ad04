import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const link = /\]\((?!https?:|mailto:|#)([^)\s#]+)[^)]*\)/g;
const named = /`((?:apps|packages|sql|docs|scripts|deploy|\.ci|\.github|\.changeset)\/[\w./[\]-]*)`/g;

/** Names every missing path in a document: relative links, and paths of this repository in backticks. */
export async function checkDocs(): Promise<string | undefined> {
  const documents = globSync("**/*.md", {
    cwd: root,
    exclude: (name) =>
      ["node_modules", ".tools", ".smarteros", "dist", ".next", ".git"].includes(path.basename(name)),
  });
  const missing = documents.flatMap((document) => {
    const text = readFileSync(path.join(root, document), "utf8");
    const linked = [...text.matchAll(link)].map(([, target = ""]) =>
      path.join(path.dirname(document), target),
    );
    const mentioned = [...text.matchAll(named)].map(([, target = ""]) => target);
    return [...linked, ...mentioned]
      .filter((target) => globSync(target.replaceAll(/[[\]]/g, "\\$&"), { cwd: root }).length === 0)
      .map((target) => `${document}: ${target} is not there`);
  });
  return missing.length > 0 ? missing.join("\n") : undefined;
}
