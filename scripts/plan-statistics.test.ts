import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import postgres from "postgres";
import { expect, onTestFinished, test } from "vitest";
import { readEmbedded } from "../apps/local/src/env.ts";
import { startSupabase } from "../apps/local/src/stack.ts";
import { planMigration } from "../sql/src/plan.ts";

// Needs a separate server, because pg_stat_statements is loaded at a server's start.
const tables = await readFile(new URL("../sql/test/upgrade/tables-0.2.sql", import.meta.url), "utf8");

test("--plan counts the uses of privileges that end, when it may read the statistics", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "smarteros-statistics-"));
  const stack = await startSupabase({
    ...readEmbedded(),
    dataDirectory: path.join(folder, "data"),
    webOrigin: "http://127.0.0.1:3000",
    log: () => undefined,
    postgresSettings: ["shared_preload_libraries=pg_stat_statements"],
  });
  onTestFinished(async () => {
    await stack.stop();
    await rm(folder, { recursive: true });
  });
  const superuser = postgres(stack.superuserUrl, { max: 1, onnotice: () => undefined });
  await superuser`create database earlier owner postgres`;
  await superuser.end();
  const url = stack.postgresUrl.replace(/\/postgres$/, "/earlier");
  const sql = postgres(stack.superuserUrl.replace(/\/postgres$/, "/earlier"), {
    max: 1,
    onnotice: () => undefined,
  });
  onTestFinished(() => sql.end());
  await sql.unsafe(
    "create schema extensions; grant usage on schema extensions to postgres; create extension pg_stat_statements schema extensions",
  );
  await sql.unsafe(
    "create schema auth; grant usage on schema auth to postgres; create function auth.jwt() returns jsonb language sql as $$ select '{}'::jsonb $$",
  );
  await sql.unsafe(`set role postgres; ${tables}; reset role`);
  await sql`grant insert, update on public.tenants to service_role`;
  for (const rut of ["1", "2"])
    await sql.begin(async (transaction) => {
      await transaction`set local role service_role`;
      await transaction`insert into public.tenants (rut, business_name, contact_email, clerk_user_id) values (${rut}, 'Uno', 'x', 'u')`;
    });
  const callsOf = async (privilege: string) =>
    (await planMigration(url)).lostWrites.find(
      (one) => one.role === "service_role" && one.table === "tenants" && one.privilege === privilege,
    );
  expect(await callsOf("insert")).not.toHaveProperty("calls");
  await sql`grant pg_read_all_stats to postgres`;
  expect(await callsOf("insert")).toMatchObject({ calls: 2 });
  expect(await callsOf("update")).toMatchObject({ calls: 0 });
});
