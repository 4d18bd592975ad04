import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { controlledServer, passOn } from "./controlled-server.ts";
import { clerkEnvironment, localEnvironment } from "./environments.ts";
import { newAddress, newTenant, outcome, send } from "./http-client.ts";
import { provisioningRows } from "./provisioning-rows.ts";
import { newUser, now, sessionToken, tokenOf } from "./tokens.ts";
import { type RunningWeb, startWeb, type WebServer } from "./web-server.ts";

const { local, disabled, clerk } = inject("web");
const embedded = inject("embedded");
const rows = provisioningRows(embedded.supabaseUrl, embedded.secretKey);
const nowhere = "00000000-0000-4000-8000-000000000000";
const paths = ["/api/services", "/api/services/stream"];

type Snapshot = { services: { vendor: string; state: string; wanted: boolean }[]; runs: { id: string }[] };

/** Opens a stream; `next` resolves to the next snapshot, and to undefined once the stream has ended. */
async function listen(web: RunningWeb, query: string, headers: Record<string, string>) {
  const leaving = new AbortController();
  const response = await fetch(`${web.url}/api/services/stream?${query}`, {
    headers: { "X-Forwarded-For": newAddress(), ...headers },
    signal: leaving.signal,
  });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    response,
    leave: () => leaving.abort(),
    async next(): Promise<Snapshot | undefined> {
      for (;;) {
        const found = /^data: (.*)\n\n/m.exec(text);
        if (found?.[1]) {
          text = text.slice(found.index + found[0].length);
          return JSON.parse(found[1]);
        }
        const { done, value } = (await reader?.read()) ?? { done: true };
        if (done) return undefined;
        text += value;
      }
    },
  };
}

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` });
const statesOf = (snapshot: Snapshot | undefined) =>
  Object.fromEntries(snapshot?.services.map(({ vendor, state }) => [vendor, state]) ?? []);

describe.each(paths)("%s", (path) => {
  test("is for who is somebody", async () => {
    expect(outcome(await send(local, `${path}?tenant=${nowhere}`))).toEqual([401, "unauthorized"]);
    const expired = await sessionToken(local, { claims: { exp: now() - 60 } });
    expect(outcome(await send(local, `${path}?tenant=${nowhere}`, { headers: bearer(expired) }))).toEqual([
      401,
      "unauthorized",
    ]);
  });

  test("takes a cookie from our own pages, and from no other site's", async () => {
    const token = await tokenOf(local);
    const Cookie = `__session=${token}`;
    const about = `${path}?tenant=${nowhere}`;
    expect(outcome(await send(local, about, { headers: { Cookie } }))).toEqual([404, "not_found"]);
    const foreign = { Cookie, "Sec-Fetch-Site": "cross-site" };
    expect(outcome(await send(local, about, { headers: foreign }))).toEqual([403, "forbidden"]);
  });

  test("says of a foreign tenant, and of a foreign run, what it says of a missing one", async () => {
    const owner = newUser();
    const tenant = await newTenant(local, await tokenOf(local, owner));
    const run = await rows.open(tenant.id, ["odoo"], owner);
    const headers = bearer(await tokenOf(local));
    const said = async (query: string) => {
      const { status, body } = await send(local, `${path}?${query}`, { headers });
      const { meta: _meta, ...rest } = body;
      return { status, rest };
    };
    expect((await said(`tenant=${nowhere}`)).status).toBe(404);
    expect(await said(`tenant=${tenant.id}`)).toEqual(await said(`tenant=${nowhere}`));
    expect(await said(`run=${run}`)).toEqual(await said(`run=${nowhere}`));
  });

  test.each([
    "",
    "?tenant=1",
    "?run=x'--",
    `?tenant=${nowhere}&run=${nowhere}`,
    `?run=${nowhere}&run=${nowhere}`,
  ])("refuses %j and names the field", async (query) => {
    const answer = await send(local, path + query, { headers: bearer(await tokenOf(local)) });
    expect(outcome(answer)).toEqual([400, "invalid_input"]);
    expect(answer.body.issues).toHaveLength(1);
  });

  test("draws on no limit, and works while the tools are off and without the service role", async () => {
    for (const web of [disabled, clerk]) {
      const { status, headers } = await send(web, `${path}?tenant=${nowhere}`, {
        headers: bearer(await tokenOf(web)),
      });
      expect([status, headers.get("ratelimit-remaining")]).toEqual([404, "30"]);
    }
  });
});

test("polling tells what the stream tells, to its owner and to an administrator", async () => {
  const owner = newUser();
  const token = await tokenOf(local, owner);
  const tenant = await newTenant(local, token);
  await rows.open(tenant.id, ["odoo", "chatwoot"], owner);
  const stream = await listen(local, `tenant=${tenant.id}`, bearer(token));
  const snapshot = await stream.next();
  stream.leave();
  expect(statesOf(snapshot)).toEqual({
    chatwoot: "queued",
    botpress: "absent",
    odoo: "queued",
    n8n: "absent",
    metabase: "absent",
  });
  for (const who of [token, await tokenOf(local, newUser(), "admin")]) {
    const { body } = await send(local, `/api/services?tenant=${tenant.id}`, { headers: bearer(who) });
    expect(body).toEqual({ ok: true, ...snapshot });
  }
});

test("a stream tells each change of its tenant, and nothing in between", async () => {
  const owner = newUser();
  const token = await tokenOf(local, owner);
  const tenant = await newTenant(local, token);
  const stream = await listen(local, `tenant=${tenant.id}`, { Cookie: `__session=${token}` });
  expect(Object.fromEntries(stream.response.headers)).toMatchObject({
    "content-type": "text/event-stream",
    "cache-control": "no-store, no-transform",
    "x-accel-buffering": "no",
  });
  expect(stream.response.headers.has("content-encoding")).toBe(false);
  expect(statesOf(await stream.next()).odoo).toBe("absent");
  const run = await rows.open(tenant.id, ["odoo"], owner);
  expect(statesOf(await stream.next()).odoo).toBe("queued");
  await rows.begin(run, "odoo");
  expect(statesOf(await stream.next()).odoo).toBe("running");
  await rows.end(run, "odoo", { state: "succeeded", externalId: "7", created: true });
  expect(await stream.next()).toMatchObject({
    services: expect.arrayContaining([
      expect.objectContaining({ vendor: "odoo", state: "active", external_id: "7" }),
    ]),
    runs: [{ id: run, state: "succeeded", tenants: { business_name: tenant.business_name } }],
  });
  stream.leave();
});

test("a run may be watched alone, with Clerk's cookie too", async () => {
  const owner = newUser();
  const token = await tokenOf(clerk, owner);
  const tenant = await newTenant(clerk, token);
  const run = await rows.open(tenant.id, ["n8n"], owner);
  const stream = await listen(clerk, `run=${run}`, { Cookie: `__session=${token}; __client_uat=1` });
  expect(await stream.next()).toMatchObject({ services: [], runs: [{ id: run, state: "queued" }] });
  await rows.cancel(run);
  expect(await stream.next()).toMatchObject({ runs: [{ id: run, state: "cancelled" }] });
  stream.leave();
});

test("a stream ends with its token", async () => {
  const user = newUser();
  const tenant = await newTenant(local, await tokenOf(local, user));
  const short = await sessionToken(local, { claims: { sub: user, exp: now() + 3 } });
  const stream = await listen(local, `tenant=${tenant.id}`, bearer(short));
  const started = performance.now();
  expect(await stream.next()).toBeDefined();
  expect(await stream.next()).toBeUndefined();
  expect(performance.now() - started).toBeLessThan(6_000);
});

test("a user has six streams and no more; another one's are not counted, and one that was left is free again", async () => {
  const user = newUser();
  const token = await tokenOf(local, user);
  const tenant = await newTenant(local, token);
  const open = () => listen(local, `tenant=${tenant.id}`, bearer(token));
  const streams = await Promise.all(Array.from({ length: 6 }, open));
  expect(streams.map(({ response }) => response.status)).toEqual(Array(6).fill(200));
  const refused = await send(local, `/api/services/stream?tenant=${tenant.id}`, { headers: bearer(token) });
  expect(outcome(refused)).toEqual([429, "rate_limited"]);
  expect(refused.headers.get("retry-after")).toBe("5");
  const admin = await listen(local, `tenant=${tenant.id}`, bearer(await tokenOf(local, newUser(), "admin")));
  expect(admin.response.status).toBe(200);
  streams[0]?.leave();
  await expect
    .poll(async () => {
      const stream = await open();
      streams.push(stream);
      return stream.response.status;
    })
    .toBe(200);
  for (const stream of [...streams, admin]) stream.leave();
});

describe("with a database in the test's hands", () => {
  let supabase: Awaited<ReturnType<typeof controlledServer>>;
  let web: WebServer;
  beforeAll(async () => {
    supabase = await controlledServer(passOn(embedded.supabaseUrl));
    web = await startWeb((origin) => ({
      ...clerkEnvironment(embedded, origin),
      NEXT_PUBLIC_SUPABASE_URL: supabase.url,
    }));
  });
  afterAll(() => Promise.all([web?.stop(), supabase?.stop()]));

  const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("reading stops when the listener leaves", async () => {
    supabase.become(passOn(embedded.supabaseUrl));
    const token = await tokenOf(web);
    const tenant = await newTenant(web, token);
    const stream = await listen(web, `tenant=${tenant.id}`, bearer(token));
    await stream.next();
    const before = supabase.seen.length;
    await expect.poll(() => supabase.seen.length, { timeout: 5_000 }).toBeGreaterThan(before + 1);
    stream.leave();
    await sleep(300);
    const left = supabase.seen.length;
    await sleep(2_500);
    expect(supabase.seen.length).toBe(left);
  });

  test("a stream ends where the database goes away, and polling says why, without the cause", async () => {
    supabase.become(passOn(embedded.supabaseUrl));
    const token = await tokenOf(web);
    const tenant = await newTenant(web, token);
    const stream = await listen(web, `tenant=${tenant.id}`, bearer(token));
    await stream.next();
    supabase.become((_request, response) => void response.writeHead(503).end("postgres://root:hunter2@db/1"));
    expect(await stream.next()).toBeUndefined();
    const answer = await send(web, `/api/services?tenant=${tenant.id}`, { headers: bearer(token) });
    expect(outcome(answer)).toEqual([503, "unavailable"]);
    expect(answer.text).not.toMatch(/hunter2|postgres:/);
  });

  test("a process that is asked to end does not wait for its listeners", async () => {
    const other = await startWeb((origin) => localEnvironment(embedded, origin));
    const token = await tokenOf(other);
    const tenant = await newTenant(other, token);
    const stream = await listen(other, `tenant=${tenant.id}`, bearer(token));
    await stream.next();
    const started = performance.now();
    const { ending } = await other.stop();
    expect(ending).toMatch(/^(?:exit code (?:0|143)|SIGTERM)$/);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(await stream.next()).toBeUndefined();
  });
});
