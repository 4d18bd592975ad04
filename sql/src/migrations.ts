import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

export type Migration = { version: string; name: string; text: string; sha256: string };

/** The folder of the migrations, with a slash at its end. */
export const migrationsFolder = new URL("../migrations/", import.meta.url);

/** The SQL of the table that records what is applied. */
export const bookkeeping = new URL("bookkeeping.sql", import.meta.url);

/** Reads every `NNNN_name.sql` of a folder, in order. Throws when a file is named otherwise or a number is used twice. */
export async function readMigrations(folder: URL = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const migrations = await Promise.all(files.map((file) => readMigration(folder, file)));
  const twice = migrations.find((migration, index) => migrations[index - 1]?.version === migration.version);
  if (twice)
    throw new Error(`two migrations have the number ${twice.version}: give ${twice.name} the next free one`);
  return migrations;
}

async function readMigration(folder: URL, file: string): Promise<Migration> {
  const named = /^(?<version>\d{4})_[a-z0-9_]+\.sql$/.exec(file);
  if (!named?.groups?.version) throw new Error(`migration ${file} is not named like 0001_subject.sql`);
  // A checkout with CRLF must not look like an edit.
  const text = (await readFile(new URL(file, folder), "utf8")).replaceAll("\r\n", "\n");
  const sha256 = createHash("sha256").update(text).digest("hex");
  return { version: named.groups.version, name: file.replace(/\.sql$/, ""), text, sha256 };
}
