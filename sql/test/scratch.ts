import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { pathToFileURL } from "node:url";
import postgres from "postgres";
import { onTestFinished } from "vitest";
import { migrationsFolder } from "../src/migrations.ts";
import { embedded, superuser } from "./embedded.ts";

export type Scratch = { url: string; sql: postgres.Sql };

/** An empty database with a hosted project's permissive defaults, owned by `postgres`; gone when the test is over. */
export async function newDatabase(): Promise<Scratch> {
  const scratch = await create("");
  await scratch.sql.unsafe(`
    alter default privileges in schema public grant all on tables to anon, authenticated, service_role;
    alter default privileges in schema public grant all on functions to anon, authenticated, service_role;
    alter default privileges in schema public grant all on sequences to anon, authenticated, service_role;
  `);
  return scratch;
}

/** A database with every migration applied and without a row, as the embedded project starts; gone when the test is over. */
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

/** A copy of the migrations to change; gone when the test is over. */
export async function copyOfMigrations(): Promise<URL> {
  const folder = await mkdtemp(`${tmpdir()}/migrations-`);
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(migrationsFolder, folder, { recursive: true });
  return pathToFileURL(`${folder}/`);
}
