import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A place in the product that starts a request: `.from("…")` or `.rpc("…")`. */
export type CallSite = { file: string; line: number; name: string };

// The benchmarks and browser tests send requests too and are left out.
const product = "{packages/*,apps/{backend,mcp-stdio,monitor,web}}/src/**/*.{ts,tsx}";
const begins = /\.(?:from|rpc)\(\s*"(\w+)"/g;

/** Finds every place in the product, tests excluded, that starts a request to Supabase. */
export function callSites(): CallSite[] {
  const files = globSync(product, { cwd: root }).filter(
    (file) => !/\.(?:test|fixture|contract)\.|\.test\.support\./.test(file),
  );
  return files.sort().flatMap((file) => {
    const text = readFileSync(`${root}${file}`, "utf8");
    return [...text.matchAll(begins)].map(({ index, 1: name = "" }) => ({
      file,
      line: text.slice(0, index).split("\n").length,
      name,
    }));
  });
}
