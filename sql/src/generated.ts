import { readFile } from "node:fs/promises";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import type postgres from "postgres";
import { closing, opening } from "./definitions.ts";
import { bookkeeping, readSource } from "./source.ts";

export type GeneratedFile = { name: string; url: URL; text: string };

/**
 * Generates the files of `npm run generate`: the schema as one file, and the TypeScript types of the connected
 * database.
 */
export async function generatedFiles(sql: postgres.Sql): Promise<GeneratedFile[]> {
  const name = "packages/supabase/src/database.types.ts";
  return [
    { name: "sql/schema.sql", url: new URL("../schema.sql", import.meta.url), text: await schemaFile() },
    { name, url: new URL(`../../${name}`, import.meta.url), text: await databaseTypes(sql) },
  ];
}

/**
 * Builds the whole schema as one transaction, with the records of what is applied, so that a later `db:apply`
 * recognizes them.
 */
export async function schemaFile(): Promise<string> {
  const { migrations, definitions } = await readSource();
  return [
    "-- Generated from sql/ by `npm run generate`; not edited by hand. For the SQL editor of a new project.",
    "begin;",
    await readFile(bookkeeping, "utf8"),
    ...migrations.map(({ name, text }) => `-- ${name}\n${text}`),
    `${opening(false)}\n`,
    ...definitions.map(({ name, text }) => `-- ${name}\n${text}`),
    `${closing(false)}\n`,
    valuesOf(
      "smarteros.migrations (version, name, sha256)",
      migrations.map(({ version, name, sha256 }) => [version, name, sha256]),
    ),
    valuesOf(
      "smarteros.definitions (name, sha256)",
      definitions.map(({ name, sha256 }) => [name, sha256]),
    ),
    "select public.ensure_partitions();",
    "notify pgrst, 'reload schema';",
    "commit;\n",
  ].join("\n");
}

function valuesOf(table: string, rows: string[][]): string {
  const values = rows.map((row) => `  (${row.map((value) => `'${value}'`).join(", ")})`);
  return `insert into ${table} values\n${values.join(",\n")};\n`;
}

/** Generates the types of the schema `public` for supabase-js. */
async function databaseTypes(sql: postgres.Sql): Promise<string> {
  const query = async (text: string) => ({ rows: [...(await sql.unsafe(text))] });
  const metadata = await introspect({ query }, { includedSchemas: ["public"] });
  return generateTypescript(sortGeneratorMetadata(metadata));
}
