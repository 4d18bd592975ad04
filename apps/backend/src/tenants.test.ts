import { createAllowList } from "@smarteros/tools-fastapi";
import { createBackend } from "@smarteros/tools-fastapi/backend-client";
import { type JWTPayload, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  asserted,
  bodyOf,
  callOf,
  embedded,
  newUser,
  secret,
  startBackend,
  tenantsOf,
} from "./backend.fixture.ts";

let backend: Awaited<ReturnType<typeof startBackend>>;
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.stop());

const send = (path: string, headers: Record<string, string> = {}) => fetch(backend.url + path, { headers });
const endingOf = async (response: Response) => [response.status, (await bodyOf(response)).error];

describe("visible tenants", () => {
  it("are the owner's, through the tools' client", async () => {
    const owner = newUser();
    const { id } = await (await tenantsOf(owner)).create("Panadería Ñuñoa");
    await (await tenantsOf(newUser())).create();
    const client = createBackend({ url: backend.url, secret });
    const allowed = createAllowList();

    const list = await client.request({ allowed, method: "GET", path: "/tenants" }, callOf(owner));
    expect(list.data).toEqual({
      tenants: [expect.objectContaining({ id, business_name: "Panadería Ñuñoa" })],
    });
    const one = await client.request({ allowed, method: "GET", path: `/tenants/${id}` }, callOf(owner));
    expect(one).toMatchObject({ status: 200, data: { tenant: { id, clerk_user_id: owner } } });
  });

  it("respond identically for a foreign and a missing tenant", async () => {
    const foreign = await (await tenantsOf(newUser())).create();
    const user = newUser();
    const requestId = crypto.randomUUID();
    const responses = await Promise.all(
      [foreign.id, crypto.randomUUID()].map(async (id) => {
        const headers = { ...(await asserted(backend.url, user)), "X-Request-ID": requestId };
        const response = await send(`/tenants/${id}`, headers);
        const rest = Object.fromEntries([...response.headers].filter(([name]) => name !== "date"));
        return { status: response.status, headers: rest, body: await response.text() };
      }),
    );
    expect(responses[0]).toEqual(responses[1]);
    expect(responses[0]?.status).toBe(404);
    expect(responses[0]?.body).toContain('"not_found"');
  });

  it("are all tenants for an administrator", async () => {
    const { id } = await (await tenantsOf(newUser())).create();
    const one = await send(`/tenants/${id}`, await asserted(backend.url, newUser(), "admin"));
    expect(one.status).toBe(200);
    const list = await send("/tenants?limit=100", await asserted(backend.url, newUser(), "admin"));
    expect((await bodyOf(list)).tenants.map((tenant: { id: string }) => tenant.id)).toContain(id);
  });

  it("do not depend on X-User-ID, a query or a body", async () => {
    const victim = newUser();
    const { id } = await (await tenantsOf(victim)).create();
    const headers = { "X-User-ID": victim, "X-Forwarded-User": victim, Cookie: `user=${victim}` };
    expect(await endingOf(await send(`/tenants/${id}`, headers))).toEqual([401, "unauthorized"]);
    const mine = { ...headers, ...(await asserted(backend.url, newUser())) };
    expect(await endingOf(await send(`/tenants/${id}`, mine))).toEqual([404, "not_found"]);
    const other = { ...headers, ...(await asserted(backend.url, newUser())) };
    expect(await bodyOf(await send("/tenants", other))).toEqual({ tenants: [] });
  });

  it.each(["user_1,clerk_user_id.neq.x", 'x"),or=(id.neq.0', "*", "%", "null", "is.null", "(a,b)"])(
    "a subject of %j is a name, and no filter",
    async (subject) => {
      await (await tenantsOf(newUser())).create();
      const response = await send("/tenants", await asserted(backend.url, `${subject}${newUser()}`));
      expect([response.status, await bodyOf(response)]).toEqual([200, { tenants: [] }]);
    },
  );

  it("exclude deleted ones from the list, which can be read by id", async () => {
    const owner = newUser();
    const tenants = await tenantsOf(owner);
    const { id } = await tenants.create();
    await tenants.remove(id);
    expect(await bodyOf(await send("/tenants", await asserted(backend.url, owner)))).toEqual({ tenants: [] });
    const one = await bodyOf(await send(`/tenants/${id}`, await asserted(backend.url, owner)));
    expect(one.tenant.active).toBe(false);
  });
});

describe("pages", () => {
  it("show every tenant once, newest first", async () => {
    const owner = newUser();
    const tenants = await tenantsOf(owner);
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.unshift((await tenants.create()).id);
    const seen: string[] = [];
    for (let cursor: string | undefined, page = 0; page === 0 || cursor; page++) {
      const query = new URLSearchParams({ limit: "2", ...(cursor ? { cursor } : {}) });
      const response = await send(`/tenants?${query}`, await asserted(backend.url, owner));
      const body = await bodyOf(response);
      seen.push(...body.tenants.map((tenant: { id: string }) => tenant.id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(made);
  });

  it("with another user's cursor show only own tenants", async () => {
    const tenants = await tenantsOf(newUser());
    await tenants.create();
    const newest = await tenants.create();
    const cursor = Buffer.from(JSON.stringify([newest.created_at, newest.id])).toString("base64url");
    const response = await send(`/tenants?cursor=${cursor}`, await asserted(backend.url, newUser()));
    expect(await bodyOf(response)).toEqual({ tenants: [] });
  });

  const cursorOf = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  it.each([
    "limit=0",
    "limit=101",
    "limit=-1",
    "limit=1.5",
    "limit=1e1",
    "limit=",
    "limit=1&limit=2",
    "cursor=x",
    `cursor=${cursorOf(["2026-01-01T00:00:00Z", "x),or(id.neq.0"])}`,
    `cursor=${cursorOf(['2026-01-01T00:00:00Z",id.neq.x', crypto.randomUUID()])}`,
    `cursor=${cursorOf(["0000-01-01T00:00:00Z", crypto.randomUUID()])}`,
    `cursor=${cursorOf(["2026-01-01T00:00:00+23:59", crypto.randomUUID()])}`,
    `cursor=${"a".repeat(201)}`,
    "clerk_user_id=neq.x",
    "select=*",
    "or=(id.neq.0)",
  ])("?%s is refused", async (query) => {
    const response = await send(`/tenants?${query}`, await asserted(backend.url, newUser()));
    expect(await endingOf(response)).toEqual([400, "invalid_input"]);
  });

  it.each(["1", "not-a-uuid", "%2e%2e", "eq.1", "..%2ftenants", "%00"])(
    "the id %s is refused",
    async (id) => {
      const response = await send(`/tenants/${id}`, await asserted(backend.url, newUser()));
      expect([400, 404]).toContain(response.status);
      expect(["invalid_input", "not_found"]).toContain((await bodyOf(response)).error);
    },
  );
});

describe("a request without a valid assertion", () => {
  const key = new TextEncoder().encode(secret);
  const now = () => Math.floor(Date.now() / 1000);
  const sign = (change: JWTPayload = {}, by: Uint8Array = key) =>
    new SignJWT({
      iss: "smarteros",
      aud: backend.url,
      sub: "user_1",
      capabilities: ["read", "write"],
      jti: crypto.randomUUID(),
      iat: now(),
      exp: now() + 60,
      ...change,
    })
      .setProtectedHeader({ alg: "HS256" })
      .sign(by);
  const bearing = async (token: string | Promise<string>) =>
    endingOf(await send("/tenants", { Authorization: `Bearer ${await token}` }));

  it("is refused when the assertion is used twice", async () => {
    const headers = await asserted(backend.url, newUser());
    const endings = await Promise.all([1, 2, 3].map(async () => (await send("/tenants", headers)).status));
    expect(endings.toSorted()).toEqual([200, 401, 401]);
    expect((await send(`/tenants/${crypto.randomUUID()}`, headers)).status).toBe(401);
  });

  it("consumes the assertion also when the request is refused", async () => {
    const headers = await asserted(backend.url, newUser());
    expect((await send("/tenants?limit=0", headers)).status).toBe(400);
    expect((await send("/tenants", headers)).status).toBe(401);
  });

  it.each<[string, JWTPayload]>([
    ["expired", { iat: now() - 120, exp: now() - 60 }],
    ["for another backend", { aud: "https://api.smarterbot.cl" }],
    ["by another issuer", { iss: "clerk" }],
    ["without a subject", { sub: undefined }],
    ["without an id", { jti: undefined }],
    ["that lives for an hour", { exp: now() + 3600 }],
  ])("%s", async (_, change) => {
    expect(await bearing(sign(change))).toEqual([401, "unauthorized"]);
  });

  it("is refused with another secret, the service role key or a session token", async () => {
    expect(await bearing(sign({}, Buffer.alloc(32, 1)))).toEqual([401, "unauthorized"]);
    expect(await bearing(embedded.secretKey)).toEqual([401, "unauthorized"]);
    expect(await bearing(secret)).toEqual([401, "unauthorized"]);
  });

  it.each(["", "Bearer", "Bearer ", "Basic dTpw", "Bearer a b", "Bearer ..", "Token x"])(
    "the header %j, with a challenge in the response",
    async (Authorization) => {
      const response = await send("/tenants", { Authorization });
      expect(response.headers.get("WWW-Authenticate")).toBe('Bearer realm="smarteros-backend"');
      expect(await endingOf(response)).toEqual([401, "unauthorized"]);
    },
  );

  it("is refused before any other check", async () => {
    const responses = await Promise.all(
      ["/tenants?limit=0", "/tenants/x", "/tenants?x=1"].map((path) => send(path)),
    );
    expect(responses.map(({ status }) => status)).toEqual([401, 401, 401]);
  });

  it("is forbidden without the capability read", async () => {
    expect(await bearing(sign({ capabilities: ["write"] }))).toEqual([403, "forbidden"]);
    expect(await bearing(sign({ capabilities: [] }))).toEqual([403, "forbidden"]);
  });

  it("is logged with its reason and without the assertion", async () => {
    const token = await sign({ exp: now() - 60, iat: now() - 120 });
    await bearing(token);
    const log = backend.lines.join("\n");
    expect(log).toContain('"exp" claim timestamp check failed'.replaceAll('"', '\\"'));
    expect(log).not.toContain(token);
    expect(log).not.toContain(secret);
  });
});

it("an unreachable database is unavailable, without its message", async () => {
  const broken = await startBackend({ supabase: { url: "http://127.0.0.1:1", serviceRoleKey: "k" } });
  const response = await fetch(`${broken.url}/tenants`, { headers: await asserted(broken.url, newUser()) });
  const body = await response.text();
  expect(response.status).toBe(503);
  expect(JSON.parse(body).error).toBe("unavailable");
  expect(body).not.toMatch(/127\.0\.0\.1|ECONNREFUSED|fetch/);
  await broken.stop();
});
