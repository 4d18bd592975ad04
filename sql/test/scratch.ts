import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { onTestFinished } from "vitest";
import { definitionKinds, sourceFolder } from "../src/source.ts";
import { embedded, superuser } from "./embedded.ts";

export type Scratch = { url: string; sql: postgres.Sql };

/**
 * Creates an empty database with a hosted project's permissive default privileges, owned by `postgres`; dropped at the
 * end of the test.
 */
export async function newDatabase(): Promise<Scratch> {
  const scratch = await create("");
  await scratch.sql.unsafe(`
    alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  `);
  return scratch;
}

/**
 * Creates a database with every migration applied and without rows, like a new embedded project; dropped at the end of
 * the test.
 */
export function newMigratedDatabase(): Promise<Scratch> {
  return create("template postgres strategy file_copy");
}

async function create(from: string): Promise<Scratch> {
  const name = `scratch_${crypto.randomUUID().replaceAll("-", "")}`;
  await superuser.unsafe(`create database ${name} owner postgres ${from}`);
  const url = new URL(embedded.postgresUrl);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 10, onnotice: () => undefined });
  onTestFinished(async () => {
    await sql.end({ timeout: 1 });
    await superuser.unsafe(`drop database ${name} with (force)`);
  });
  return { url: url.href, sql };
}

/** Runs the text of a file that opens its transaction itself, as if pasted into the SQL editor. */
export async function runFile(url: string, text: string): Promise<void> {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  await sql
    .unsafe(text)
    .simple()
    .finally(() => sql.end());
}

/** Copies the SQL to a temporary folder; removed at the end of the test. */
export async function copyOfSource(): Promise<URL> {
  const folder = await mkdtemp(`${tmpdir()}/source-`);
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const part of ["migrations", ...definitionKinds])
    await cp(new URL(part, sourceFolder), `${folder}/${part}`, { recursive: true });
  return pathToFileURL(`${folder}/`);
}
