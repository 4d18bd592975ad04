import postgres from "postgres";
import { as } from "../embedded.ts";
import type { Row } from "./fixture.ts";
import type { Principal } from "./principals.ts";
import type { Outcome, Transport } from "./transport.ts";

type Transaction = postgres.TransactionSql;

/** Connects to Postgres directly: `set local role` and `request.jwt.claims`, as PostgREST does for a request. */
export const postgresTransport: Transport = {
  name: "Postgres",
  async enter(principal) {
    const run = (work: (transaction: Transaction) => Promise<Row[]>) => outcome(principal, work);
    return {
      select: (table, ids, column = "id") =>
        run(
          (sql) =>
            sql`select * from ${sql(`public.${table}`)} where ${sql(column)} = any (${ids as string[]})`,
        ),
      insert: (table, row) =>
        run((sql) => sql`insert into ${sql(`public.${table}`)} ${sql(typed(sql, row))} returning *`),
      update: (table, id, change, column = "id") =>
        run(
          (sql) =>
            sql`update ${sql(`public.${table}`)} set ${sql(typed(sql, change))} where ${sql(column)} = ${id as string} returning *`,
        ),
      remove: (table, id, column = "id") =>
        run(
          (sql) =>
            sql`delete from ${sql(`public.${table}`)} where ${sql(column)} = ${id as string} returning *`,
        ),
      truncate: (table) => run((sql) => sql`truncate ${sql(`public.${table}`)} cascade`),
      call: (name, args) => run((sql) => call(sql, name, args)),
    };
  },
};

async function outcome(
  principal: Principal,
  work: (transaction: Transaction) => Promise<Row[]>,
): Promise<Outcome> {
  try {
    return { rows: [...(await as(databaseRole(principal), principal.claims ?? {}, work))] };
  } catch (error) {
    if (error instanceof postgres.PostgresError) return { sqlState: error.code };
    throw error;
  }
}

function databaseRole({ who }: Principal) {
  if (who === "anon") return "anon";
  return who === "service" ? "service_role" : "authenticated";
}

async function call(sql: Transaction, name: string, args: Row): Promise<Row[]> {
  const named = Object.keys(args).map((key, index) => `${key} => $${index + 1}`);
  const rows = await sql.unsafe<Row[]>(
    // JSON preserves the microseconds of a time, which the next page needs.
    `select called.*, to_jsonb(called) as as_json from public.${name}(${named.join(", ")}) as called`,
    Object.values(typed(sql, args)) as string[],
  );
  return rows.map((row) => ("called" in row ? { value: row.called } : (row.as_json as Row)));
}

function typed(sql: Transaction, row: Row): Row {
  return Object.fromEntries(Object.entries(row).map(([key, value]) => [key, typedValue(sql, value)]));
}

/** Converts a value for Postgres: a list of texts or numbers to an array of the type it is wanted as, other non-scalar values to JSON. */
function typedValue(sql: Transaction, value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value) && value.every(isElement)) return `{${value.map(toElement).join()}}`;
  return sql.json(value as postgres.JSONValue);
}

function isElement(value: unknown): value is string | number {
  return typeof value === "string" || typeof value === "number";
}

function toElement(value: string | number): string {
  return typeof value === "number" ? String(value) : `"${value.replace(/["\\]/g, "\\$&")}"`;
}
