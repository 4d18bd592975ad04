import { globSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

// Holds comments and file names to the standard terms of docs/glossary.md. Files that use other words are counted in
// words-baseline.json, so that the rule needs no git history. Counts may only go down:
// `node scripts/check-words.ts --update` records lower ones and follows renamed files.

export type Finding = { line: number; word: string; standard: string };
export type Baseline = Record<string, number>;

const root = fileURLToPath(new URL("..", import.meta.url));
const baselineFile = path.join(root, "scripts/words-baseline.json");

/** Words that comments avoid, each with the standard term. */
const wordsInComments: [pattern: string, standard: string][] = [
  ["doors?", "transport, endpoint or API"],
  ["answer(?:s|ed|ing)?", "response / respond"],
  ["told|tells?|telling", "notify, report, or the exact verb"],
  [
    "(?<!for )kept(?! alive)|keeps?(?!-alive| alive| \\w+ing\\b)|keepers?",
    "store, persist, or the exact verb",
  ],
  ["whoever|whomever|askers?|strangers?", "caller, requested by, current user, anonymous"],
  ["wish(?:es|ed)?", "search params, CLI arguments"],
  ["at once", "immediately, concurrently"],
  ["chores?", "job"],
  ["examin(?:es?|ed|ing)", "probe, check"],
  ["judg(?:es?|ed|ing)", "evaluate"],
  ["spill(?:s|ed|ing)?|spool(?:s|ed|ing)?", "disk buffer"],
  ["patience", "timeout"],
  ["kept for", "ttl, retention"],
  ["moments?", "ISO date-time, relative time or time bucket"],
  ["beats?|signs? of life", "heartbeat"],
  ["orphans?", "orphaned run"],
  ["mend(?:s|ed|ing)?", "fix"],
  ["anew", "again"],
  ["alike", "the same"],
  ["meanwhile", "while"],
  ["whatever|wherever", "any"],
  ["nobody|somebody|anybody", "no one, someone, any"],
];

/** Parts of a file's name, separated by dots and dashes, each with the standard term. */
const wordsInNames: [pattern: string, standard: string][] = [
  ["doors?", "transport"],
  ["exchanges?", "request-context"],
  ["answers?", "response, respond"],
  ["tell|told|letters?", "notification, message"],
  ["keep|kept|keepers?", "store"],
  ["askers?|strangers?", "requested-by, caller"],
  ["wish(?:es)?", "search-params"],
  ["words", "cli"],
  ["lines", "vendor-queue"],
  ["chores?", "jobs"],
  ["examine", "probe"],
  ["judge", "evaluate"],
  ["spill|spool", "disk-buffer"],
  ["patience|most", "timeout, max"],
  ["moments?", "relative-time, time-bucket"],
  ["beats?", "heartbeat"],
  ["orphans?", "orphaned-runs"],
  ["mended|anew|alike|meanwhile|whatever|nobody", "the field's term"],
];

const commentPatterns = wordsInComments.map(
  ([pattern, standard]) => [new RegExp(`\\b(?:${pattern})\\b`, "gi"), standard] as const,
);
const namePatterns = wordsInNames.map(
  ([pattern, standard]) => [new RegExp(`^(?:${pattern})$`, "i"), standard] as const,
);

/** Finds words in the comments of one TypeScript, JavaScript or SQL file. Ignores quoted text and code in backticks. */
export function wordsOfComments(file: string, text: string): Finding[] {
  return text.split("\n").flatMap((source, index) => {
    const comment = commentOf(file, source)?.replaceAll(/`[^`]*`|"[^"]*"/g, "");
    if (comment === undefined) return [];
    return commentPatterns.flatMap(([pattern, standard]) =>
      [...comment.matchAll(pattern)].map(([word]) => ({ line: index + 1, word, standard })),
    );
  });
}

/** Finds words in a file's own name; its folders are reported with the files that they hold. */
export function wordsOfName(file: string): Finding[] {
  return file
    .split(/[/.-]/)
    .flatMap((part) =>
      namePatterns
        .filter(([pattern]) => pattern.test(part))
        .map(([, standard]) => ({ line: 0, word: part, standard })),
    );
}

/** Lists every finding of the files that have more of them than the baseline allows. */
export function findingsBeyond(baseline: Baseline, findings: Record<string, Finding[]>): string[] {
  return Object.entries(findings).flatMap(([file, found]) => {
    const allowed = baseline[file] ?? 0;
    if (found.length <= allowed) return [];
    const places = found.map(({ line, word, standard }) =>
      line === 0
        ? `${file}: the name has "${word}"; use ${standard}`
        : `${file}:${line}: "${word}"; use ${standard}`,
    );
    return [...places, `${file}: ${found.length} words, ${allowed} allowed by scripts/words-baseline.json`];
  });
}

/** Counts the current findings by file. Throws when there are more in total than before: the baseline only shrinks. */
export function lowered(baseline: Baseline, findings: Record<string, Finding[]>): Baseline {
  const next = Object.fromEntries(
    Object.entries(findings)
      .map(([file, found]) => [file, found.length] as const)
      .filter(([, count]) => count > 0)
      .sort(([one], [other]) => (one < other ? -1 : 1)),
  );
  const [before, after] = [total(baseline), total(next)];
  if (after > before) throw new Error(`The baseline may not grow: ${before} words before, ${after} now.`);
  return next;
}

/** Names the words that exceed the baseline; resolves to undefined when there are none. */
export async function checkWords(): Promise<string | undefined> {
  const problems = findingsBeyond(readBaseline(), currentFindings());
  return problems.length > 0 ? problems.join("\n") : undefined;
}

const generated = ["sql/schema.sql", "scripts/supabase-tables-mcp.sql", "database.types.ts"];
const ruleItself = ["scripts/check-words.ts", "scripts/check-words.test.ts"];
const released = ["sql/test/upgrade/schema-0021.sql"];
const filesLeftOut = [...generated, ...ruleItself, ...released, ".d.ts"];
const foldersLeftOut = ["node_modules", ".next", "dist", "coverage", "test-results", ".smarteros", ".tools"];

function currentFindings(): Record<string, Finding[]> {
  const files = globSync("{apps,packages,scripts,sql}/**/*.{ts,tsx,mjs,sql}", {
    cwd: root,
    exclude: (name) => foldersLeftOut.includes(path.basename(name)),
  });
  return Object.fromEntries(
    files
      .filter((file) => !filesLeftOut.some((end) => file.endsWith(end)))
      .map((file) => {
        const text = readFileSync(path.join(root, file), "utf8");
        return [file, [...wordsOfName(file), ...wordsOfComments(file, text)]];
      }),
  );
}

// Whole-line comments and those after a statement's end: elsewhere `//` is part of a URL or a regular expression.
function commentOf(file: string, line: string): string | undefined {
  if (file.endsWith(".sql")) return /(?:^|\s)--\s(.*)/.exec(line)?.[1];
  return /^\s*(?:\{?\/\*+|\*(?!\/)|\/\/)(.*)/.exec(line)?.[1] ?? /[;,{})\]]\s+\/\/\s(.*)/.exec(line)?.[1];
}

function readBaseline(): Baseline {
  return JSON.parse(readFileSync(baselineFile, "utf8"));
}

function total(baseline: Baseline): number {
  return Object.values(baseline).reduce((sum, count) => sum + count, 0);
}

if (import.meta.main && process.argv.includes("--update"))
  writeFileSync(
    baselineFile,
    `${JSON.stringify(lowered(readBaseline(), currentFindings()), undefined, 2)}\n`,
  );
