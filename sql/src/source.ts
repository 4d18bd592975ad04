import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";

export type Migration = { version: string; name: string; text: string; sha256: string };

/**
 * A view, a function, or the policies of one table. `name` is its path below the source without extension, such as
 * `functions/can`.
 */
export type Definition = {
  kind: DefinitionKind;
  name: string;
  subject: string;
  text: string;
  sha256: string;
};

/** The kinds of definitions in the order of applying. */
export const definitionKinds = ["views", "functions", "policies"] as const;
type DefinitionKind = (typeof definitionKinds)[number];

/** The source of `db:apply`: migrations, each applied once, and definitions, applied whenever they change. */
export type Source = { migrations: Migration[]; definitions: Definition[] };

/** The folder of the SQL, with a slash at its end. */
export const sourceFolder = new URL("../", import.meta.url);

/** The SQL of the tables that record what is applied. */
export const bookkeeping = new URL("bookkeeping.sql", import.meta.url);

/**
 * Reads `migrations/NNNN_name.sql`, `views/`, `functions/` and `policies/` of a folder, sorted by name. Throws when a
 * file has another kind of name or a number is used twice.
 */
export async function readSource(folder: URL = sourceFolder): Promise<Source> {
  const [migrations, ...definitions] = await Promise.all([
    readMigrations(new URL("migrations/", folder)),
    ...definitionKinds.map((kind) => readDefinitions(folder, kind)),
  ]);
  return { migrations, definitions: definitions.flat() };
}

async function readMigrations(folder: URL): Promise<Migration[]> {
  const migrations = await Promise.all(
    (await sqlFiles(folder)).map(async (file) => {
      const version = /^(?<version>\d{4})_[a-z0-9_]+\.sql$/.exec(file)?.groups?.version;
      if (!version) throw new Error(`migration ${file} is not named like 0001_subject.sql`);
      return { version, name: file.replace(/\.sql$/, ""), ...(await readText(new URL(file, folder))) };
    }),
  );
  const twice = migrations.find((migration, index) => migrations[index - 1]?.version === migration.version);
  if (twice)
    throw new Error(`two migrations have the number ${twice.version}: give ${twice.name} the next free one`);
  return migrations;
}

async function readDefinitions(folder: URL, kind: DefinitionKind): Promise<Definition[]> {
  const files = await sqlFiles(new URL(`${kind}/`, folder));
  return Promise.all(
    files.map(async (file) => {
      const subject = file.replace(/\.sql$/, "");
      if (!/^[a-z][a-z0-9_]*$/.test(subject))
        throw new Error(`${kind}/${file} is not named for what it defines, like can.sql`);
      const text = await readText(new URL(`${kind}/${file}`, folder));
      return { kind, subject, name: `${kind}/${subject}`, ...text };
    }),
  );
}

async function sqlFiles(folder: URL): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
}

async function readText(file: URL): Promise<{ text: string; sha256: string }> {
  // A checkout with CRLF must not count as an edit.
  const text = (await readFile(file, "utf8")).replaceAll("\r\n", "\n");
  return { text, sha256: createHash("sha256").update(text).digest("hex") };
}
