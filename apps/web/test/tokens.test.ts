import { generateKeyPairSync } from "node:crypto";
import { request } from "node:http";
import { type JWK, UnsecuredJWT } from "jose";
import { afterAll, describe, expect, inject, test } from "vitest";
import { publicPem } from "./environments.ts";
import { call, newAddress, newTenant, outcome, post, send } from "./http-client.ts";
import { encoded, newUser, now, sessionToken, tokenOf } from "./tokens.ts";
import { logOf, type RunningWeb } from "./web-server.ts";

const { local, clerk } = inject("web");
const embedded = inject("embedded");
const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const unknownKey = { ...privateKey.export({ format: "jwk" }), kid: embedded.signingKey.kid } as JWK;
const year5138 = 99_999_999_999;

/** Every token that must not get in, by what is wrong with it. */
const bad: Record<string, (web: RunningWeb) => Promise<string>> = {
  "is no token": async () => "hello",
  "has two parts": async () => "aGVsbG8.aGVsbG8",
  "has parts that are no JSON": async () => "aGVsbG8.aGVsbG8.aGVsbG8",
  "is 100 kB long": async (web) =>
    sessionToken(web, { claims: { padding: "x".repeat(10_000) }, key: unknownKey }),
  "has expired": (web) => sessionToken(web, { claims: { iat: now() - 600, exp: now() - 60 } }),
  "is not valid yet": (web) => sessionToken(web, { claims: { nbf: now() + 60 } }),
  "was issued in the future": (web) => sessionToken(web, { claims: { iat: now() + 60 } }),
  "lives until the year 5138": (web) => sessionToken(web, { claims: { exp: year5138 } }),
  "is of another issuer": (web) => sessionToken(web, { claims: { iss: "https://clerk.example.com" } }),
  "has the issuer in a list": (web) => sessionToken(web, { claims: { iss: [embedded.issuer] } }),
  "has no issuer": (web) => sessionToken(web, { claims: { iss: undefined } }),
  "is signed by another key": (web) => sessionToken(web, { key: unknownKey }),
  "is signed by a key of its own header": (web) =>
    sessionToken(web, {
      key: unknownKey,
      header: { jwk: { kty: "RSA", n: unknownKey.n, e: unknownKey.e } as JWK },
    }),
  "was made for another site": (web) => sessionToken(web, { claims: { azp: "https://evil.example" } }),
  "was made for the same host in another case of trust": (web) =>
    sessionToken(web, { claims: { azp: `${web.url}.evil.example` } }),
  "was made for no site": (web) => sessionToken(web, { claims: { azp: undefined } }),
  "was made for an empty site": (web) => sessionToken(web, { claims: { azp: "" } }),
  "was made for a list of sites": (web) => sessionToken(web, { claims: { azp: [web.url] } }),
  "says alg none": async (web) => `${encoded({ alg: "none", typ: "JWT" })}.${await payloadFor(web)}.`,
  "says alg none and has some signature": async (web) =>
    `${encoded({ alg: "none", typ: "JWT" })}.${await payloadFor(web)}.AAAA`,
  "says alg NONE as a library would write it": async (web) =>
    new UnsecuredJWT({ sub: newUser(), azp: web.url }).setIssuer(embedded.issuer).encode(),
  "is HS256 with the public key for a secret": (web) =>
    sessionToken(web, { header: { alg: "HS256" }, key: Buffer.from(publicPem(embedded)) }),
  "is HS256 with the trimmed public key for a secret": (web) =>
    sessionToken(web, { header: { alg: "HS256" }, key: Buffer.from(publicPem(embedded).trim()) }),
  "is PS256 by the right key": (web) => sessionToken(web, { header: { alg: "PS256" }, key: withoutAlg() }),
  "is RS512 by the right key": (web) => sessionToken(web, { header: { alg: "RS512" }, key: withoutAlg() }),
  "is an OAuth access token": (web) => sessionToken(web, { header: { typ: "at+jwt" } }),
  "is of a type that is no text": (web) => sessionToken(web, { header: { typ: 7 as unknown as string } }),
  "asks for an extension that nobody knows": async (web) => withCrit(await tokenOf(web)),
  "belongs to a pending session": (web) => sessionToken(web, { claims: { sts: "pending" } }),
  "has a session status that is no text": (web) => sessionToken(web, { claims: { sts: true } }),
  "has an empty subject": (web) => sessionToken(web, { claims: { sub: "" } }),
  "has a blank subject": (web) => sessionToken(web, { claims: { sub: " \t" } }),
  "has no subject": (web) => sessionToken(web, { claims: { sub: undefined } }),
  "has a number for a subject": (web) => sessionToken(web, { claims: { sub: 7 } }),
  "has a list for a subject": (web) => sessionToken(web, { claims: { sub: ["user_x"] } }),
  "has no session": (web) => sessionToken(web, { claims: { sid: undefined } }),
  "has no time of issue": (web) => sessionToken(web, { claims: { iat: undefined } }),
  "has no end": (web) => sessionToken(web, { claims: { exp: undefined } }),
  "has text for an end": (web) => sessionToken(web, { claims: { exp: String(now() + 60) } }),
  "had its claims changed": async (web) => {
    const [header, , signature] = (await tokenOf(web)).split(".");
    return `${header}.${await payloadFor(web, "user_operator_a")}.${signature}`;
  },
  "had its signature cut": async (web) => (await tokenOf(web)).slice(0, -20),
};

// Not on the Clerk instance: a PEM key has no kid to compare.
const badWithKeySet: typeof bad = {
  "names a key that is not in the set": (web) => sessionToken(web, { header: { kid: "other" } }),
};

const tried: { web: RunningWeb; token: string }[] = [];

describe.each([
  ["local", local, { ...bad, ...badWithKeySet }],
  ["Clerk", clerk, bad],
] as const)("with %s identity, a token that", (_kind, web, cases) => {
  test.each(Object.entries(cases))("%s is refused", async (_what, make) => {
    const token = await make(web);
    if (token.length > 20) tried.push({ web, token });
    const answer = await call(web, token, "tenants.list");
    expect(outcome(answer)).toEqual([401, "unauthorized"]);
    expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="smarteros"');
    expect(answer.headers.has("ratelimit-limit")).toBe(false);
    expect(answer.body.meta).toEqual({ durationMs: expect.any(Number), requestId: expect.any(String) });
    expect(answer.text).not.toContain(token.slice(0, 40));

    // The other two endpoints that look at a credential, and the cookie that may carry it.
    const headers = { Authorization: `Bearer ${token}` };
    expect((await send(web, "/api/mcp/invocations/recent", { headers })).status).toBe(401);
    expect((await send(web, "/api/mcp", { headers })).text).toContain('"authenticated":false');
    const cookie = await post(web, undefined, { name: "tenants.list" }, { Cookie: `__session=${token}` });
    expect(outcome(cookie)).toEqual([401, "unauthorized"]);
  });

  test("is right is taken", async () => {
    const token = await tokenOf(web);
    tried.push({ web, token });
    expect(outcome(await call(web, token, "tenants.list"))).toEqual([200, "ok"]);
  });
});

afterAll(() => {
  for (const { web, token } of tried) expect(logOf(web)).not.toContain(token.split(".")[1]?.slice(0, 60));
});

describe.each([
  ["local", local],
  ["Clerk", clerk],
] as const)("with %s identity", (_kind, web) => {
  test.each([
    ["root"],
    ["Admin"],
    [""],
    ["admin "],
    [["admin"]],
    [{ admin: true }],
    [true],
    ["constructor"],
    ["__proto__"],
  ])("the role %j is refused and no default is taken", async (role) => {
    const token = await sessionToken(web, { claims: { metadata: { role } } });
    const answer = await call(web, token, "tenants.list");
    expect(outcome(answer)).toEqual([403, "forbidden"]);
    expect(answer.text).not.toContain('"role":');
  });

  test.each([["admin"], [[]], [7]])(
    "metadata that is %j instead of an object is refused",
    async (metadata) => {
      expect(
        outcome(await call(web, await sessionToken(web, { claims: { metadata } }), "tenants.list")),
      ).toEqual([403, "forbidden"]);
    },
  );

  test("the administrator of an organization is an operator like everybody else", async () => {
    const victim = await newTenant(web, await tokenOf(web));
    const token = await sessionToken(web, {
      claims: {
        o: { id: "org_1", slg: "evil", rol: "admin", per: "manage,read", fpm: "3,2" },
        org_role: "org:admin",
        public_metadata: { role: "admin" },
      },
    });
    expect(outcome(await call(web, token, "tenants.get", { id: victim.id }))).toEqual([404, "not_found"]);
    expect((await call(web, token, "tenants.list")).body.result.tenants).toEqual([]);
  });

  test("a token without the claim role is nobody to the database", async () => {
    const sub = newUser();
    const tenant = await newTenant(web, await tokenOf(web, sub));
    const token = await sessionToken(web, { claims: { sub, role: undefined } });
    for (const [name, args] of [
      ["tenants.list", {}],
      ["tenants.get", { id: tenant.id }],
      ["tenants.delete", { id: tenant.id }],
      ["tenants.create", { rut: "76086428-5", businessName: "Nobody" }],
    ] as const) {
      const answer = await call(web, token, name, args);
      expect(answer.body.ok, name).toBe(false);
      expect([403, 503], name).toContain(answer.status);
    }
    expect(outcome(await call(web, await tokenOf(web, sub), "tenants.get", { id: tenant.id }))).toEqual([
      200,
      "ok",
    ]);
  });

  test.each(["service_role", "postgres", "smarteros_fn"])(
    "a token of the role %s gains nothing",
    async (role) => {
      const victim = await newTenant(web, await tokenOf(web));
      const token = await sessionToken(web, { claims: { role } });
      const get = await call(web, token, "tenants.get", { id: victim.id });
      expect(get.body.ok).toBe(false);
      expect(get.status).toBeLessThan(500);
    },
  );

  test("Bearer may be written in any case, and with more than one space", async () => {
    for (const scheme of ["bearer ", "BEARER ", "Bearer   "]) {
      const Authorization = scheme + (await tokenOf(web));
      expect(outcome(await post(web, undefined, { name: "tenants.list" }, { Authorization }))).toEqual([
        200,
        "ok",
      ]);
    }
  });

  test.each([
    [
      "in the query",
      async (token: string) => send(web, `/api/mcp/tool?token=${token}&access_token=${token}`, toolCall()),
    ],
    ["in the body", async (token: string) => post(web, undefined, { name: "tenants.list", token })],
    [
      "in another header",
      async (token: string) => post(web, undefined, {}, { "X-Authorization": `Bearer ${token}` }),
    ],
    ["in another cookie", async (token: string) => post(web, undefined, {}, { Cookie: `session=${token}` })],
    ["without a scheme", async (token: string) => post(web, undefined, {}, { Authorization: token })],
    ["as Basic", async (token: string) => post(web, undefined, {}, { Authorization: `Basic ${token}` })],
    [
      "beside another",
      async (token: string) =>
        post(web, undefined, {}, { Authorization: `Bearer ${token}, Bearer ${token}` }),
    ],
  ])("a good token %s counts for nothing", async (_where, ask) => {
    expect(outcome(await ask(await tokenOf(web)))).toEqual([401, "unauthorized"]);
  });

  test("of two Authorization headers the first counts alone", async () => {
    const good = `Bearer ${await tokenOf(web)}`;
    expect(await statusWith(web, [good, "Bearer a.b.c"])).toBe(200);
    expect(await statusWith(web, ["Bearer a.b.c", good])).toBe(401);
    expect(await statusWith(web, ["", good])).toBe(401);
  });

  test("a token that was good is refused the moment it has expired", async () => {
    const token = await sessionToken(web, { claims: { exp: now() + 2 } });
    expect(outcome(await call(web, token, "tenants.list"))).toEqual([200, "ok"]);
    const timeout = { timeout: 12_000, interval: 500 };
    await expect.poll(async () => (await call(web, token, "tenants.list")).status, timeout).toBe(401);
  });

  const toolCall = () => ({
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Forwarded-For": newAddress() },
    body: '{"name":"tenants.list"}',
  });
});

/** By node:http, because fetch joins headers of one name. */
function statusWith(web: RunningWeb, authorization: string[]): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { "Content-Type": "application/json", "X-Forwarded-For": newAddress() };
    const asked = request(`${web.url}/api/mcp/tool`, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.setHeader("Authorization", authorization);
    asked.on("error", reject);
    asked.end('{"name":"tenants.list"}');
  });
}

async function payloadFor(web: RunningWeb, sub = newUser()) {
  const [, payload = ""] = (await tokenOf(web, sub)).split(".");
  return payload;
}

function withoutAlg() {
  const { alg: _alg, ...key } = embedded.signingKey;
  return key as JWK;
}

/** Only the signer could write this header; what counts is that the answer is a refusal. */
function withCrit(token: string) {
  const [, payload, signature] = token.split(".");
  return `${encoded({ alg: "RS256", typ: "JWT", crit: ["x"], x: 1 })}.${payload}.${signature}`;
}
