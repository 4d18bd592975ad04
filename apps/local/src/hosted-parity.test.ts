import { createClient } from "@supabase/supabase-js";
import { importJWK, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

// A rule of a hosted project must apply here too: each rule with a request that proves it.

const { supabaseUrl, publishableKey, secretKey, postgresUrl, superuserUrl, issuer, signingKey } =
  inject("embedded");
const owner = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
const superuser = postgres(superuserUrl, { max: 1, onnotice: () => undefined });
const service = createClient(supabaseUrl, secretKey, { db: { retry: false } } as object);

async function user() {
  const token = await new SignJWT({ sub: "user_parity", role: "authenticated" })
    .setProtectedHeader({ alg: "RS256", kid: signingKey.kid ?? "" })
    .setIssuer(issuer)
    .setExpirationTime("1m")
    .sign(await importJWK(signingKey, "RS256"));
  return createClient(supabaseUrl, publishableKey, {
    accessToken: async () => token,
    db: { retry: false },
  } as object);
}

beforeAll(async () => {
  await owner.unsafe(`
    create table public.parity_things (id int primary key, owner text, seen int default 0);
    revoke all on public.parity_things from anon, authenticated, service_role;
    grant select, insert, delete, update (seen) on public.parity_things to service_role;
    create table public.parity_open (id int primary key, seen int);
    grant all on public.parity_open to service_role;
    create function public.parity_settings() returns jsonb language sql stable as $$
      select jsonb_object_agg(name, setting) from pg_settings
      where name in ('statement_timeout', 'lock_timeout', 'search_path', 'transaction_read_only', 'extra_float_digits') $$;
    create function public.parity_request() returns jsonb language sql volatile as $$
      select jsonb_build_object('method', current_setting('request.method'), 'path', current_setting('request.path'),
        'agent', current_setting('request.headers')::jsonb ->> 'x-parity', 'claims', current_setting('request.jwt.claims')::jsonb,
        'read_only', current_setting('transaction_read_only')) $$;
    create function public.parity_stable_write() returns int language plpgsql stable as $$
      begin return public.parity_volatile_write(); end $$;
    create function public.parity_immutable_write() returns int language plpgsql immutable as $$
      begin return public.parity_volatile_write(); end $$;
    create function public.parity_volatile_write() returns int language plpgsql volatile as $$
      begin insert into public.parity_open values (8, 8); return 1; end $$;
    create view public.parity_writing_view with (security_invoker) as select public.parity_volatile_write() as written;
    grant select on public.parity_writing_view to service_role;
    create function public.parity_wait(seconds float8) returns void language sql volatile as $$ select pg_sleep(seconds) $$;
    grant execute on all functions in schema public to service_role;
    grant execute on function public.parity_settings, public.parity_wait to anon, authenticated, service_role;
  `);
  await vi.waitFor(async () => expect((await service.from("parity_open").select()).error).toBeNull(), 5000);
});

afterAll(async () => {
  await owner.unsafe(`
    drop view public.parity_writing_view;
    drop table public.parity_things, public.parity_open;
    drop function public.parity_settings, public.parity_request, public.parity_stable_write, public.parity_wait,
      public.parity_immutable_write, public.parity_volatile_write;
  `);
  await Promise.all([owner.end(), superuser.end()]);
});

describe("an upsert", () => {
  const things = (row: object) => service.from("parity_things").upsert(row, { onConflict: "id" });

  test("without UPDATE on the conflict column is refused, even without a conflict", async () => {
    const { status, error } = await things({ id: 1, seen: 1 });
    expect([status, error?.code]).toEqual([403, "42501"]);
  });

  test("with UPDATE on each inserted column updates the row", async () => {
    await owner`grant update (id) on public.parity_things to service_role`;
    try {
      expect((await things({ id: 1, seen: 1 })).error).toBeNull();
      expect((await things({ id: 1, seen: 2 })).error).toBeNull();
      expect(await owner`select id, seen from public.parity_things`).toEqual([{ id: 1, seen: 2 }]);
    } finally {
      await owner`revoke update (id) on public.parity_things from service_role`;
    }
  });

  test("that ignores conflicts needs no UPDATE", async () => {
    const ignoring = await service
      .from("parity_things")
      .upsert({ id: 1, seen: 9 }, { onConflict: "id", ignoreDuplicates: true });
    expect(ignoring.error).toBeNull();
    expect(await owner`select seen from public.parity_things where id = 1`).toEqual([{ seen: 2 }]);
  });
});

describe("without a filter", () => {
  test.each(["update", "delete"] as const)("%s fails with 21000 and changes no row", async (verb) => {
    await service.from("parity_open").upsert({ id: 1, seen: 1 });
    const table = service.from("parity_open");
    const { status, error } = await (verb === "update" ? table.update({ seen: 5 }) : table.delete());
    expect([status, error?.code]).toEqual([400, "21000"]);
    expect(error?.message).toBe(`${verb.toUpperCase()} requires a WHERE clause`);
    expect(await owner`select seen from public.parity_open where id = 1`).toEqual([{ seen: 1 }]);
  });
});

describe("a read-only transaction", () => {
  test.each([
    ["POST", "parity_stable_write"],
    ["POST", "parity_immutable_write"],
    ["GET", "parity_stable_write"],
    ["GET", "parity_volatile_write"],
  ])("%s of %s may not write", async (method, name) => {
    const { status, error } = await service.rpc(name, {}, { get: method === "GET" });
    expect([status, error?.code]).toEqual([405, "25006"]);
  });

  test("a read of a view may not write", async () => {
    const { status, error } = await service.from("parity_writing_view").select();
    expect([status, error?.code]).toEqual([405, "25006"]);
  });

  test("a volatile function that is called by POST may write", async () => {
    expect(await service.rpc("parity_volatile_write")).toMatchObject({ data: 1, error: null });
  });
});

describe("settings of the role", () => {
  test("statement_timeout is 3 s for anon, and 8 s for the others", async () => {
    const anon = createClient(supabaseUrl, publishableKey);
    const timeouts = await Promise.all(
      [anon, await user(), service].map(async (client) => (await client.rpc("parity_settings")).data),
    );
    expect(timeouts.map(({ statement_timeout }) => statement_timeout)).toEqual(["3000", "8000", "8000"]);
    expect(timeouts.map(({ lock_timeout }) => lock_timeout)).toEqual(["8000", "8000", "8000"]);
  });

  test("a call of anon that takes longer is cancelled with 57014", async () => {
    const { status, error } = await createClient(supabaseUrl, publishableKey).rpc("parity_wait", {
      seconds: 4,
    });
    expect([status, error?.code]).toEqual([500, "57014"]);
  });

  test("a changed setting holds after a reload of the configuration", async () => {
    const digits = async () => (await service.rpc("parity_settings")).data.extra_float_digits;
    await superuser`alter role service_role set extra_float_digits = 2`;
    await superuser`notify pgrst, 'reload config'`;
    await expect.poll(digits).toBe("2");
    await superuser`alter role service_role reset extra_float_digits`;
    await superuser`notify pgrst, 'reload config'`;
    await expect.poll(digits).not.toBe("2");
  });
});

test("a function reads the same request settings as under PostgREST", async () => {
  const { data } = await service.rpc("parity_request").setHeader("x-parity", "seen");
  expect(data).toMatchObject({
    method: "POST",
    path: "/rpc/parity_request",
    agent: "seen",
    claims: { role: "service_role" },
    read_only: "off",
  });
  expect((await service.rpc("parity_settings")).data.search_path).toBe('"public", "public", "extensions"');
});

describe("roles", () => {
  const code = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: postgres.PostgresError) => error.code,
    );

  test("the login role of the REST API inherits nothing", async () => {
    const [role] = await superuser`
      select rolinherit, rolsuper, rolbypassrls, rolconfig from pg_roles where rolname = 'authenticator'`;
    expect(role).toEqual({
      rolinherit: false,
      rolsuper: false,
      rolbypassrls: false,
      rolconfig: ["statement_timeout=8s", "lock_timeout=8s"],
    });
  });

  test("postgres can neither make event triggers nor change the schema auth", async () => {
    expect(
      await code(
        owner`create event trigger parity on ddl_command_end execute function extensions.pgrst_ddl_watch()`,
      ),
    ).toBe("42501");
    expect(await code(owner`create table auth.parity (id int)`)).toBe("42501");
    expect(await code(owner`drop function auth.jwt()`)).toBe("42501");
    const [schema] = await owner`
      select nspowner::regrole::text as owner from pg_namespace where nspname = 'auth'`;
    expect(schema).toEqual({ owner: "supabase_auth_admin" });
  });

  test("objects that supabase_auth_admin creates in auth are unreadable to other roles", async () => {
    await superuser.unsafe(
      "set role supabase_auth_admin; create table auth.parity_users (id int); reset role",
    );
    try {
      for (const role of ["postgres", "anon", "authenticated", "service_role"]) {
        const [may] =
          await superuser`select has_table_privilege(${role}, 'auth.parity_users', 'select') as may`;
        expect([role, may]).toEqual([role, { may: false }]);
      }
    } finally {
      await superuser`drop table auth.parity_users`;
    }
  });
});
