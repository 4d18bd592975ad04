import { parsed, type SqlFunction, type Statement, statementsOf } from "./statements.ts";
import { calledFunctions, literalsIn, walk } from "./tree.ts";

/**
 * Finds what a hosted Supabase project would reject at run time: an UPDATE or DELETE without WHERE (21000 by
 * `safeupdate`, inside functions too), a `stable` or `immutable` function that writes (25006), and dynamic SQL that
 * cannot be checked. `reviewed` names functions whose dynamic SQL was reviewed; they must not write at all.
 */
export async function problemsOf(
  functions: SqlFunction[],
  reviewed: readonly string[] = [],
): Promise<string[]> {
  const read = await Promise.all(functions.map(async (of) => ({ of, ...(await statementsOf(of)) })));
  const writers = writersAmong(read);
  return [
    ...read.flatMap(({ of, statements }) =>
      statements
        .filter(isUnbounded)
        .map(({ text }) => `${of.name}: UPDATE or DELETE without WHERE: ${oneLine(text)}`),
    ),
    ...read
      .filter(({ of }) => of.volatility !== "volatile" && writers.has(of.name))
      .map(({ of }) => `${of.name}: is ${of.volatility} and writes: ${writers.get(of.name)}`),
    ...read.flatMap(({ of, statements, unknown }) => {
      const literals = literalsIn(statements.map(({ trees }) => trees));
      if (reviewed.includes(of.name) && !literals.some((text) => write.test(text))) return [];
      return unknown.map((text) => `${of.name}: dynamic SQL that cannot be checked: ${oneLine(text)}`);
    }),
    ...reviewed
      .filter((name) => !read.some(({ of, unknown }) => of.name === name && unknown.length > 0))
      .map((name) => `${name}: is reviewed, but has no dynamic SQL`),
  ];
}

const write = /\b(?:insert|update|delete|merge|truncate|create|alter|drop|grant|revoke|lock)\b/i;

/** Returns the statements that are an UPDATE or DELETE without WHERE. */
export async function unboundedAmong(texts: string[]): Promise<string[]> {
  const candidates = texts.filter((text) => /\b(?:update|delete)\b/i.test(text));
  const statements = await Promise.all(candidates.map((text) => parsed(text)));
  return statements.filter(isUnbounded).map(({ text }) => text);
}

function isUnbounded({ trees }: Statement): boolean {
  let found = false;
  walk(trees, (kind, node) => {
    if ((kind === "UpdateStmt" || kind === "DeleteStmt") && node.whereClause === undefined) found = true;
  });
  return found;
}

type Read = { of: SqlFunction; statements: Statement[] };

/** Finds the functions that write, directly or through another function, each with the reason. */
function writersAmong(read: Read[]): Map<string, string> {
  const writers = new Map<string, string>();
  for (const { of, statements } of read) {
    const writing = statements.find(writes);
    if (writing) writers.set(of.name, oneLine(writing.text));
  }
  for (let before = -1; before < writers.size; ) {
    before = writers.size;
    for (const { of, statements } of read) {
      const called = calledFunctions(statements.map(({ trees }) => trees));
      const writer = [...writers.keys()].find((name) => called.has(name.split(".").at(-1) ?? ""));
      if (writer && !writers.has(of.name)) writers.set(of.name, `through ${writer}`);
    }
  }
  return writers;
}

const writing = ["InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "LockingClause"];

function writes({ trees, isExpression }: Statement): boolean {
  const isQuery = trees.every((tree) => Object.keys(tree as object)[0] === "SelectStmt");
  let found = !isQuery && !isExpression;
  walk(trees, (kind) => {
    if (writing.includes(kind)) found = true;
  });
  return found;
}

const oneLine = (text: string) => text.replace(/\s+/g, " ").trim().slice(0, 120);
