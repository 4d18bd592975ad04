import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { importJWK, type JWTPayload, SignJWT } from "jose";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";

const { supabaseUrl, publishableKey, secretKey, postgresUrl, issuer, signingKey } = inject("embedded");
const database = postgres(postgresUrl, { max: 1, onnotice: () => undefined });
const now = () => Math.floor(Date.now() / 1000);

function clientWith(accessToken: string): SupabaseClient {
  return createClient(supabaseUrl, publishableKey, {
    accessToken: async () => accessToken,
    db: { retry: false },
  } as object);
}

async function sign(claims: JWTPayload, header: object = {}, key: unknown = signingKey): Promise<string> {
  return new SignJWT({ iss: issuer, sub: "user_rest_a", exp: now() + 60, role: "authenticated", ...claims })
    .setProtectedHeader({ alg: "RS256", kid: signingKey.kid ?? "", ...header })
    .sign(await importJWK(key as typeof signingKey, "RS256"));
}

beforeAll(async () => {
  await database.unsafe(`
    create table public.rest_things (
      id int primary key, owner text not null default (auth.jwt() ->> 'sub'),
      amount numeric(10, 2) check (amount > 0), facts jsonb, seen timestamptz not null default now()
    );
    alter table public.rest_things enable row level security;
    alter table public.rest_things force row level security;
    revoke all on public.rest_things from anon, authenticated;
    grant select, insert on public.rest_things to authenticated;
    create policy own on public.rest_things using (owner = (select auth.jwt() ->> 'sub'));
    create function public.rest_whoami() returns jsonb language sql stable as
      $$ select jsonb_build_object('role', current_user, 'claims', auth.jwt(), 'timeout', current_setting('statement_timeout')) $$;
    create function public.rest_echo(value jsonb) returns jsonb language sql immutable as $$ select value $$;
    create function public.rest_raise(state text) returns void language plpgsql as
      $$ begin raise exception 'raised on purpose' using errcode = state, hint = 'a hint'; end $$;
    grant all on public.rest_things to service_role;
    grant execute on function public.rest_whoami, public.rest_echo, public.rest_raise
      to anon, authenticated, service_role;
  `);
  // The REST API is notified of a new schema with a delay.
  await vi.waitFor(async () => expect((await service().rpc("rest_whoami")).error).toBeNull(), 5000);
});

afterAll(async () => {
  await database.unsafe(`
    drop table public.rest_things; drop function public.rest_whoami, public.rest_echo, public.rest_raise
  `);
  await database.end();
});

function service(): SupabaseClient {
  return createClient(supabaseUrl, secretKey, { db: { retry: false } } as object);
}

describe("the principal of a request", () => {
  test("a token of ours acts as its role with unchanged claims", async () => {
    const token = await sign({ metadata: { role: "viewer" } });
    const { data } = await clientWith(token).rpc("rest_whoami");
    expect(data).toMatchObject({
      role: "authenticated",
      claims: { iss: issuer, sub: "user_rest_a", metadata: { role: "viewer" } },
    });
  });

  test("a token without a role is anon", async () => {
    const { data } = await clientWith(await sign({ role: undefined })).rpc("rest_whoami");
    expect(data).toMatchObject({ role: "anon", claims: { sub: "user_rest_a" } });
  });

  test("the publishable key is anon, the secret one the service", async () => {
    const anon = createClient(supabaseUrl, publishableKey);
    expect((await anon.rpc("rest_whoami")).data).toMatchObject({ role: "anon" });
    expect((await service().rpc("rest_whoami")).data).toMatchObject({ role: "service_role" });
  });

  test("a missing or wrong key is refused", async () => {
    const url = `${supabaseUrl}/rest/v1/rest_things`;
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(url, { headers: { apikey: "sb_secret_wrong" } })).status).toBe(401);
    expect((await fetch(url, { headers: { Authorization: `Bearer ${secretKey}` } })).status).toBe(401);
  });

  test.each(["postgres", "supabase_admin", "authenticator", "none", "pg_read_all_data", 'anon"; --', 7])(
    "a token cannot become %s",
    async (role) => {
      const response = await get(await sign({ role } as unknown as JWTPayload));
      expect(response.status).toBe(401);
    },
  );
});

describe("an invalid token is refused and not treated as anon", () => {
  const cases: Record<string, () => Promise<string>> = {
    expired: () => sign({ exp: now() - 1 }),
    "without exp": () => sign({ exp: undefined }),
    "not yet valid": () => sign({ nbf: now() + 60 }),
    "of another issuer": () => sign({ iss: "https://clerk.example.com" }),
    "without an issuer": () => sign({ iss: undefined }),
    "with a kid that is not ours": () => sign({}, { kid: "other" }),
    forged: async () => {
      const [head, body] = (await sign({})).split(".");
      return `${head}.${body}.${Buffer.from("forged").toString("base64url")}`;
    },
    "with other claims than were signed": async () => {
      const [head, body, signature] = (await sign({})).split(".");
      const claims = JSON.parse(Buffer.from(body ?? "", "base64url").toString());
      const changed = Buffer.from(JSON.stringify({ ...claims, role: "service_role" })).toString("base64url");
      return `${head}.${changed}.${signature}`;
    },
    "signed by another key": async () => {
      const { privateKey } = await crypto.subtle.generateKey(
        {
          name: "RSASSA-PKCS1-v1_5",
          modulusLength: 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash: "SHA-256",
        },
        true,
        ["sign"],
      );
      return sign({}, {}, await crypto.subtle.exportKey("jwk", privateKey));
    },
    "with alg none": async () => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      return `${part({ alg: "none" })}.${part({ iss: issuer, sub: "x", exp: now() + 60, role: "service_role" })}.`;
    },
    "with HS256 and the public key as its secret": () =>
      new SignJWT({ iss: issuer, sub: "x", exp: now() + 60, role: "service_role" })
        .setProtectedHeader({ alg: "HS256", kid: signingKey.kid ?? "" })
        .sign(new TextEncoder().encode(signingKey.n)),
    "that is not a token": async () => "hello",
  };

  test.each(Object.entries(cases))("%s", async (_name, make) => {
    const response = await get(await make());
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: "PGRST301" });
  });

  test("in another scheme", async () => {
    const headers = { apikey: publishableKey, Authorization: `Basic ${await sign({})}` };
    expect((await fetch(`${supabaseUrl}/rest/v1/rest_things`, { headers })).status).toBe(401);
  });

  test("once it has expired, although it was good before", async () => {
    const token = await sign({ exp: now() + 2 });
    expect((await get(token)).status).toBe(200);
    await expect.poll(async () => (await get(token)).status, { timeout: 5000, interval: 200 }).toBe(401);
  });
});

describe("responses are PostgREST's", () => {
  test("rows and errors of a table", async () => {
    const client = clientWith(await sign({}));
    const facts = { nested: { list: [1, "two", null] } };
    const inserted = await client
      .from("rest_things")
      .insert({ id: 1, amount: 12.5, facts })
      .select()
      .single();
    expect(inserted.status).toBe(201);
    expect(inserted.data).toMatchObject({ id: 1, owner: "user_rest_a", amount: 12.5, facts });
    expect(inserted.data?.seen).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+\+00:00$/);

    const outcome = async (row: object) => {
      const { status, error } = await client.from("rest_things").insert(row);
      return [status, error?.code];
    };
    expect(await outcome({ id: 1, amount: 1 })).toEqual([409, "23505"]);
    expect(await outcome({ id: 2, amount: -1 })).toEqual([400, "23514"]);
    expect(await outcome({ id: null })).toEqual([400, "23502"]);
    expect(await outcome({ id: "word" })).toEqual([400, "22P02"]);
    expect(await outcome({ id: 3, owner: "user_somebody_else" })).toEqual([403, "42501"]);

    const anon = await createClient(supabaseUrl, publishableKey).from("rest_things").select();
    expect([anon.status, anon.error?.code]).toEqual([401, "42501"]);
    const foreign = await clientWith(await sign({ sub: "user_rest_b" }))
      .from("rest_things")
      .select();
    expect([foreign.status, foreign.data]).toEqual([200, []]);
    const all = await service().from("rest_things").select();
    expect(all.data).toHaveLength(1);
  });

  test.each([
    ["P0001", 400],
    ["23514", 400],
    ["P0002", 500],
    ["42501", 403],
    ["40001", 500],
    ["57014", 500],
    ["22023", 400],
    ["21000", 500],
    ["54000", 500],
    ["55P03", 500],
    ["53100", 503],
    ["42P01", 404],
    ["42883", 404],
    ["23505", 409],
  ])("a function that raises %s is answered with it and %i", async (state, status) => {
    const response = await clientWith(await sign({})).rpc("rest_raise", { state });
    expect(response.status).toBe(status);
    expect(response.error).toMatchObject({ code: state, message: "raised on purpose", hint: "a hint" });
  });

  test("a JSON argument arrives as it was sent", async () => {
    const value = { a: [1, { b: "ü" }], c: null, d: "12" };
    expect((await clientWith(await sign({})).rpc("rest_echo", { value })).data).toEqual(value);
  });

  test("a statement that takes too long is cut off", async () => {
    expect((await service().rpc("rest_whoami")).data).toMatchObject({ timeout: "8s" });
  });

  test("a new table is found", async () => {
    await database.unsafe(
      "create table public.rest_new (id int); grant select on public.rest_new to service_role",
    );
    await expect.poll(async () => (await service().from("rest_new").select()).error).toBeNull();
    await database.unsafe("drop table public.rest_new");
    await expect.poll(async () => (await service().from("rest_new").select()).status).toBe(404);
  });
});

test("users that share the connection pool never see each other's claims", async () => {
  const tokens = await Promise.all(
    Array.from({ length: 8 }, (_, index) => sign({ sub: `user_pool_${index}` })),
  );
  const senders = Array.from({ length: 400 }, (_, index) => index % 9);
  const responses = await Promise.all(
    senders.map(async (who) => {
      // Every ninth request is anonymous.
      const client = tokens[who] ? clientWith(tokens[who]) : createClient(supabaseUrl, publishableKey);
      const { data } = await client.rpc("rest_whoami");
      return [who, data?.claims?.sub ?? "nobody", data?.role];
    }),
  );
  expect(responses).toEqual(
    senders.map((who) => (who < 8 ? [who, `user_pool_${who}`, "authenticated"] : [who, "nobody", "anon"])),
  );
});

function get(token: string): Promise<Response> {
  const headers = { apikey: publishableKey, Authorization: `Bearer ${token}` };
  return fetch(`${supabaseUrl}/rest/v1/rest_things?select=id&limit=0`, { headers });
}
