import type postgres from "postgres";
import { runFile } from "./run-file.ts";
import type { Definition } from "./source.ts";

/**
 * Applies the views, functions and policies whose text differs from the applied one. A table's policies are dropped
 * first, so that its file defines all of them. Resolves to the applied names. Removing the object of a deleted file is
 * left to a migration. Rejects with a one-line error that names the file.
 */
export async function applyDefinitions(
  transaction: postgres.TransactionSql,
  all: Definition[],
): Promise<string[]> {
  const applied = await transaction<{ name: string; sha256: string }[]>`
    select name, sha256 from smarteros.definitions`;
  const known = new Map(applied.map(({ name, sha256 }) => [name, sha256]));
  const changed = all.filter(({ name, sha256 }) => known.get(name) !== sha256);
  const names = changed.map(({ name }) => name);
  const gone = applied.map(({ name }) => name).filter((name) => !all.some((one) => one.name === name));
  if (gone.length > 0)
    await transaction`delete from smarteros.definitions where name in ${transaction(gone)}`;
  if (changed.length === 0) return names;

  await dropPolicies(transaction, subjectsOf(changed, "policies"));
  const functions = subjectsOf(changed, "functions");
  const replaced = await ownedFunctions(transaction, functions);
  await transaction.unsafe(opening(replaced)).simple();
  for (const { name, kind, subject, text } of changed) {
    // `create or replace view` cannot remove a column.
    const before = kind === "views" ? `drop view if exists public.${subject};\n` : "";
    await runFile(transaction, `${name}.sql`, before + text);
  }
  await validate(transaction, functions);
  await transaction.unsafe(closing(replaced)).simple();
  await transaction`
    insert into smarteros.definitions ${transaction(changed, "name", "sha256")}
    on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()`;
  return names;
}

/**
 * SQL before the files. Bodies are checked after all files, because some functions call each other. smarteros_fn may
 * own a function only in a schema where it may create one; `inherit` allows replacing functions that it already owns.
 */
export function opening(isReplacing: boolean): string {
  return [
    "set local check_function_bodies = off;",
    "grant create on schema public, smarteros to smarteros_fn;",
    ...(isReplacing ? ["grant smarteros_fn to current_user with inherit true;"] : []),
  ].join("\n");
}

/** SQL after the files: revokes what `opening` granted. */
export function closing(isReplacing: boolean): string {
  return [
    ...(isReplacing ? ["grant smarteros_fn to current_user with inherit false;"] : []),
    "revoke create on schema public, smarteros from smarteros_fn;",
    "set local check_function_bodies = on;",
  ].join("\n");
}

const subjectsOf = (definitions: Definition[], kind: Definition["kind"]) =>
  definitions.filter((one) => one.kind === kind).map(({ subject }) => subject);

async function dropPolicies(transaction: postgres.TransactionSql, tables: string[]) {
  const found = await transaction<{ statement: string }[]>`
    select format('drop policy %I on %I.%I', policyname, schemaname, tablename) as statement
    from pg_policies where schemaname in ('public', 'smarteros') and tablename = any (${tables})`;
  await transaction.unsafe(found.map(({ statement }) => `${statement};`).join("\n")).simple();
}

async function ownedFunctions(transaction: postgres.TransactionSql, names: string[]): Promise<boolean> {
  const found = await transaction`
    select from pg_proc
    where pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace)
      and proowner = 'smarteros_fn'::regrole and proname = any (${names}) limit 1`;
  return found.length > 0;
}

/** Validates function bodies as Postgres does on creation, each as its owner, the only role that may. */
async function validate(transaction: postgres.TransactionSql, names: string[]) {
  await transaction`set local check_function_bodies = on`;
  const found = await transaction<{ name: string; statements: string }[]>`
    select p.proname as name, format(
      'select set_config(''role'', %L, true); select pg_catalog.%I(%s); select set_config(''role'', ''none'', true)',
      case when p.proowner = current_user::regrole then 'none' else p.proowner::regrole::text end, v.proname, p.oid) as statements
    from pg_proc p
    join pg_language l on l.oid = p.prolang
    join pg_proc v on v.oid = l.lanvalidator
    where p.pronamespace in ('public'::regnamespace, 'smarteros'::regnamespace) and p.proname = any (${names})`;
  for (const { name, statements } of found) {
    await runFile(transaction, `functions/${name}.sql`, statements);
  }
}
