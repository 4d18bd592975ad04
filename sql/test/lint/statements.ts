import { parse, parsePlPgSQL } from "libpg-query";
import { renderDynamic } from "./dynamic.ts";
import { walk } from "./tree.ts";

/** A function from the catalog of a migrated database. */
export type SqlFunction = {
  name: string;
  language: "sql" | "plpgsql";
  volatility: "immutable" | "stable" | "volatile";
  /** The whole `create function` statement. */
  definition: string;
  /** Only the body. */
  body: string;
};

/** A parsed statement or expression of a function's body. `isDynamic` marks one that is composed at run time. */
export type Statement = { text: string; trees: unknown[]; isExpression: boolean; isDynamic: boolean };

/**
 * Parses a function with Postgres' parser, embedded statements included. `unknown` lists the expressions of dynamic SQL
 * whose text is unknown before run time. Rejects with the parser's error.
 */
export async function statementsOf(of: SqlFunction): Promise<{ statements: Statement[]; unknown: string[] }> {
  if (of.language === "sql") return { statements: [await parsed(of.body, {})], unknown: [] };
  const found = expressionsOf(await parsePlPgSQL(of.definition));
  const statements = await Promise.all(found.map(({ query, mode }) => parsedInMode(query, mode)));
  const dynamic = found.flatMap(({ isDynamic }, index) => (isDynamic ? (statements[index] ?? []) : []));
  const rendered = await Promise.all(dynamic.map(({ trees }) => firstThatParses(renderDynamic(trees))));
  return {
    statements: [...statements, ...rendered.filter((statement) => statement !== undefined)],
    unknown: dynamic.filter((_of, index) => rendered[index] === undefined).map(({ text }) => text),
  };
}

async function firstThatParses(texts: string[]): Promise<Statement | undefined> {
  const outcomes = await Promise.allSettled(texts.map((text) => parsed(text, { isDynamic: true })));
  return outcomes.find((outcome) => outcome.status === "fulfilled")?.value;
}

type Expression = { query: string; mode: number; isDynamic: boolean };

/** Collects every SQL expression in the tree of the PL/pgSQL parser. */
function expressionsOf(tree: unknown): Expression[] {
  const dynamic = new Set<unknown>();
  walk(tree, (kind, node) => {
    if (kind === "PLpgSQL_stmt_dynexecute" || kind === "PLpgSQL_stmt_dynfors")
      dynamic.add((node.query as { PLpgSQL_expr: unknown }).PLpgSQL_expr);
    if (node.dynquery) dynamic.add((node.dynquery as { PLpgSQL_expr: unknown }).PLpgSQL_expr);
  });
  const found: Expression[] = [];
  walk(tree, (kind, node) => {
    if (kind === "PLpgSQL_expr")
      found.push({
        query: node.query as string,
        mode: node.parseMode as number,
        isDynamic: dynamic.has(node),
      });
  });
  return found;
}

// RawParseMode of src/include/parser/parser.h: 0 a statement, 2 an expression, 3 to 5 an assignment.
function parsedInMode(query: string, mode: number): Promise<Statement> {
  if (mode === 0) return parsed(query, {});
  const expression = mode === 2 ? query : query.replace(/^[^=]*?:?=/, "");
  return parsed(`select ${expression}`, { isExpression: true });
}

/** Parses a statement. Rejects with the parser's error. */
export async function parsed(
  text: string,
  { isExpression = false, isDynamic = false }: { isExpression?: boolean; isDynamic?: boolean } = {},
): Promise<Statement> {
  const { stmts } = await parse(text);
  return { text, trees: (stmts ?? []).map(({ stmt }) => stmt), isExpression, isDynamic };
}
