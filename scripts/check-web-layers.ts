import { existsSync, globSync, readFileSync } from "node:fs";
import path from "node:path";

// Layers inside the web app, lowest first. A folder imports from lower ones and from itself. `turbo boundaries` holds the
// packages to their layers; this holds the folders of apps/web/src to theirs.
const layers = [
  ["env.ts", "logger.ts", "version.ts", "content-security-policy.ts", "i18n"],
  ["request-limits.ts", "stream-limit.ts", "health-check"],
  ["app-context.ts"],
  ["http"],
  ["session"],
  ["tool-client"],
  ["components"],
  ["features"],
  ["app", "proxy.ts", "lifecycle.ts", "instrumentation.ts", "instrumentation-client.ts"],
];

/** The features that a feature may import; a new entry is a decision. */
const featureImports: Record<string, string[]> = {
  // Their figures link to the calls behind them.
  analytics: ["audit"],
  // A call is opened again in the console.
  audit: ["console"],
  console: ["tool-arguments"],
  // Vendors for which steps wait.
  "health-page": ["live"],
  runs: ["live"],
  services: ["live", "runs"],
  tenants: ["console", "live", "services"],
  upgrade: ["live", "tenants"],
};

/** The one file that makes clients of the database, and hands out ports. */
const composition = "app-context.ts";
// `@smarteros/supabase/settings` reads the environment and makes no client.
const databaseImport =
  /(?:from|import)\s*\(?\s*"(@smarteros\/supabase|@smarteros\/[\w-]+\/supabase|@supabase\/[\w-]+)"/g;

/**
 * Resolves to every import in the web app that goes up a layer or to a feature that is not on the list, and to every one of
 * the database's client or adapters outside the file that composes the app.
 */
export async function checkWebLayers(root: string): Promise<string | undefined> {
  const source = path.join(root, "apps/web/src");
  const files = globSync("**/*.{ts,tsx}", { cwd: source }).filter((file) => !/\.(test|d)\.tsx?$/.test(file));
  const problems = files.flatMap((file) => {
    const layer = layerOf(file);
    if (layer < 0) return [`apps/web/src/${file}: no layer. Put it in a folder of a layer.`];
    const text = readFileSync(path.join(source, file), "utf8");
    const problems = importsOf(path.join(source, file), text)
      .map((target) => path.relative(source, target))
      .flatMap((target) => problemOf(file, target) ?? []);
    return [...problems, ...databaseProblems(file, text)];
  });
  return problems.length > 0 ? problems.join("\n") : undefined;
}

function problemOf(file: string, target: string): string | undefined {
  if (layerOf(target) > layerOf(file))
    return `apps/web/src/${file} imports ${target}, which is a layer above. Move what both need down.`;
  const [from, to] = [featureOf(file), featureOf(target)];
  if (from === undefined || to === undefined || from === to || featureImports[from]?.includes(to))
    return undefined;
  return `apps/web/src/${file} imports ${target} of another feature. Move it to components, or list it in scripts/check-web-layers.ts.`;
}

function databaseProblems(file: string, text: string): string[] {
  if (file === composition) return [];
  return [...text.matchAll(databaseImport)].map(
    ([, name]) =>
      `apps/web/src/${file} imports ${name}. Read through a port: a method of the package that owns the subject, composed in ${composition}.`,
  );
}

function layerOf(file: string): number {
  const [top = ""] = file.split(path.sep);
  return layers.findIndex((names) => names.includes(top));
}

function featureOf(file: string): string | undefined {
  const [top, feature] = file.split(path.sep);
  return top === "features" ? feature : undefined;
}

/** Returns the files that a module imports by a relative path, in whatever form. */
function importsOf(file: string, text: string): string[] {
  return (
    [...text.matchAll(/(?:from|import)\s*\(?\s*"(\.[^"]+)"/g)]
      .map(([, specifier = ""]) => path.resolve(path.dirname(file), specifier))
      // Texts are data: the catalog of messages gathers those of every feature.
      .filter((target) => !target.endsWith(".json") && existsSync(target))
  );
}
