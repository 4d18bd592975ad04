import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

const relativeImport = /(?:\bfrom|\bimport)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

/** Returns true when a file injects the embedded project, directly or in a file that it imports by a relative path. */
export function readsEmbedded(file: string, seen = new Set<string>()): boolean {
  if (seen.has(file) || !/\.tsx?$/.test(file) || !existsSync(file)) return false;
  seen.add(file);
  const text = readFileSync(file, "utf8");
  if (text.includes('inject("embedded")')) return true;
  return [...text.matchAll(relativeImport)].some(([, specifier = ""]) =>
    readsEmbedded(path.resolve(path.dirname(file), specifier), seen),
  );
}
