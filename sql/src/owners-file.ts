import { readFile } from "node:fs/promises";
import type { OwnerChange } from "./adoption.ts";

/** Parses lines of owners' `old,new` ids. Throws with the number of the invalid line. */
export async function readOwners(file: string): Promise<OwnerChange[]> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new Error(`--owners: the file ${file} cannot be read`);
  });
  const owners: OwnerChange[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || (index === 0 && /^"?old"?\s*,\s*"?new"?$/i.test(line.trim()))) continue;
    const [old = "", now = "", ...rest] = line
      .split(",")
      .map((part) => part.trim().replace(/^"(.*)"$/, "$1"));
    if (old === "" || now === "" || rest.length > 0 || now.length > 255)
      throw new Error(`--owners: line ${index + 1} is not a pair such as user_old,user_new`);
    if (owners.some((one) => one.old === old))
      throw new Error(`--owners: line ${index + 1} names ${old} a second time`);
    owners.push({ old, new: now });
  }
  return owners;
}
