import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A generated text between `<!-- name:begin -->` and `<!-- name:end -->` of several documents. */
export type MarkedBlock = { name: string; documents: string[]; text: string; command: string };

/** Replaces the text between a block's markers. Throws when the document lacks the markers. */
export function withBlock(document: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}:begin -->`, `<!-- ${name}:end -->`];
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The markers ${begin} and ${end} are missing.`);
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`;
}

/** Writes a block into its documents. */
export function writeBlock({ name, documents, text }: MarkedBlock): void {
  for (const document of documents) {
    const file = path.join(root, document);
    writeFileSync(file, withBlock(readFileSync(file, "utf8"), name, text));
  }
}

/** Names the documents whose block is out of date and the command that writes it; returns undefined for none. */
export function outdatedBlocks({ name, documents, text, command }: MarkedBlock): string | undefined {
  const outdated = documents.filter((document) => {
    const current = readFileSync(path.join(root, document), "utf8");
    return withBlock(current, name, text) !== current;
  });
  return outdated.length > 0 ? `${outdated.join(", ")}: out of date; run ${command}` : undefined;
}
