import { readFileSync } from "node:fs";
import path from "node:path";

export type Documented = { section: string; sentence: string; check: string | undefined; state: string };

const file = path.join(import.meta.dirname, "../../docs/seed.md");

/** Parses the rows of docs/seed.md: each heading has a table of sentence, check and state. */
export function documentedRows(text = readFileSync(file, "utf8")): Documented[] {
  let section = "";
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("## ")) section = line.slice(3);
    const [, sentence, check, state] = /^\| (.+) \| (`[^`]+`|–) \| (.*) ?\|$/.exec(line) ?? [];
    if (sentence === undefined || check === undefined) return [];
    const name = check === "–" ? undefined : check.slice(1, -1);
    return [{ section, sentence, check: name, state: (state ?? "").trim() }];
  });
}
