import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A place in the product where a request begins: `.from("…")` or `.rpc("…")`. */
export type CallSite = { file: string; line: number; name: string };

// The bench and the browser tests send their own.
const product = "{packages/*,apps/{backend,mcp-stdio,monitor,web}}/src/**/*.{ts,tsx}";
const begins = /\.(?:from|rpc)\(\s*"(\w+)"/g;

/** Finds every place in the product, but for tests, where a request to Supabase begins. */
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
