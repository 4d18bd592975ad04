import { readFile } from "node:fs/promises";
import { generateTypescript, sortGeneratorMetadata } from "@supabase/postgrest-typegen/generation";
import { introspect } from "@supabase/postgrest-typegen/introspection";
import type postgres from "postgres";
import { bookkeeping, type Migration, readMigrations } from "./migrations.ts";

export type GeneratedFile = { name: string; url: URL; text: string };

/** What `npm run generate` writes: the schema as one file, and the TypeScript types of what `sql` is connected to. */
export async function generatedFiles(sql: postgres.Sql): Promise<GeneratedFile[]> {
  const name = "packages/supabase/src/database.types.ts";
  return [
    { name: "sql/schema.sql", url: new URL("../schema.sql", import.meta.url), text: await schemaFile() },
    { name, url: new URL(`../../${name}`, import.meta.url), text: await databaseTypes(sql) },
  ];
}

/** Every migration in one transaction, and their recording, so that a later `db:apply` knows what is there. */
export async function schemaFile(): Promise<string> {
  return [
    "-- Generated from sql/migrations by `npm run generate`; not edited by hand. For the SQL editor of a new project.",
    "begin;",
    await readFile(bookkeeping, "utf8"),
    ...(await readMigrations()).map(withRecord),
    "select public.ensure_partitions();",
    "notify pgrst, 'reload schema';",
    "commit;\n",
  ].join("\n");
}

function withRecord(migration: Migration): string {
  const { version, name, sha256, text } = migration;
  return `-- ${name}\n${text}
insert into smarteros.migrations (version, name, sha256) values ('${version}', '${name}', '${sha256}');\n`;
}

/** The types of the schema `public`, as supabase-js reads them. */
export async function databaseTypes(sql: postgres.Sql): Promise<string> {
  const query = async (text: string) => ({ rows: [...(await sql.unsafe(text))] });
  const metadata = await introspect({ query }, { includedSchemas: ["public"] });
  return generateTypescript(sortGeneratorMetadata(metadata));
}
