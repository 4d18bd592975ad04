import { type IncomingMessage, request } from "node:http";
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from "jose";
import { describe, expect, inject, test } from "vitest";

const { supabaseUrl, publishableKey, tokenUrl, jwksUrl, issuer, signingKey } = inject("embedded");
const json = { "Content-Type": "application/json" };

describe("POST /identity/token", () => {
  test.each([
    ["operator-a", undefined],
    ["operator-b", undefined],
    ["viewer", { role: "viewer" }],
    ["auditor", { role: "auditor" }],
    ["support", { role: "support" }],
    ["admin", { role: "admin" }],
  ])("signs a session token for %s", async (user, metadata) => {
    const response = await ask(JSON.stringify({ user }));
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toBe("no-store");
    const { token, expiresAt } = (await response.json()) as { token: string; expiresAt: string };

    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(jwksUrl)), { issuer });
    expect(decodeProtectedHeader(token)).toEqual({ alg: "RS256", typ: "JWT", kid: signingKey.kid });
    expect(payload).toEqual({
      iss: issuer,
      sub: `user_${user.replace("-", "_")}`,
      sid: expect.stringMatching(/^sess_/),
      iat: expect.any(Number),
      nbf: expect.any(Number),
      exp: (payload.iat ?? 0) + 3600,
      azp: "http://127.0.0.1:3000",
      sts: "active",
      v: 2,
      role: "authenticated",
      ...(metadata && { metadata }),
    });
    expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
    expect(Date.parse(expiresAt)).toBe((payload.exp ?? 0) * 1000);
  });

  test.each([
    '{"user":"root"}',
    '{"user":"__proto__"}',
    '{"user":["operator-a"]}',
    "{}",
    "null",
    "not json",
    "",
  ])("answers %j with the names that it knows", async (body) => {
    const response = await ask(body);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({
      error: "unknown_user",
      users: ["operator-a", "operator-b", "viewer", "auditor", "support", "admin"],
    });
  });

  test("accepts only JSON of limited size", async () => {
    const form = await fetch(tokenUrl, { method: "POST", body: new URLSearchParams({ user: "operator-a" }) });
    expect(form.status).toBe(415);
    expect((await ask(JSON.stringify({ user: "x".repeat(5000) }))).status).toBe(413);
    expect((await fetch(tokenUrl)).status).toBe(404);
  });
});

test("the key set holds no private part", async () => {
  const { keys } = (await (await fetch(jwksUrl)).json()) as { keys: object[] };
  expect(keys).toHaveLength(1);
  expect(Object.keys(keys[0] ?? {}).sort()).toEqual(["alg", "e", "kid", "kty", "n", "use"]);
});

describe("access only from this machine and the web app's pages", () => {
  const port = new URL(supabaseUrl).port;
  const paths = ["/identity/jwks.json", "/rest/v1/tenants"];

  test.each([
    "evil.example",
    `evil.example:${port}`,
    "127.0.0.1",
    "127.0.0.1:1",
    `127.0.0.1.evil.example:${port}`,
  ])("refuses Host %s", async (host) => {
    for (const path of paths) expect((await raw(path, { host })).statusCode).toBe(403);
  });

  test.each(["https://evil.example", "null", "http://127.0.0.1:3001", "http://127.0.0.1.evil.example:3000"])(
    "refuses Origin %s",
    async (origin) => {
      for (const path of paths) expect((await raw(path, { origin })).statusCode).toBe(403);
    },
  );

  test.each([
    { host: `localhost:${port}` },
    { origin: "http://127.0.0.1:3000" },
    { origin: "http://localhost:3000" },
  ] as Record<string, string>[])("serves %j", async (headers) => {
    expect((await raw("/identity/jwks.json", headers)).statusCode).toBe(200);
  });

  test("the web app may request a token from the browser", async () => {
    const preflight = await raw(
      "/identity/token",
      {
        origin: "http://127.0.0.1:3000",
        "access-control-request-method": "POST",
        "access-control-request-headers": "content-type",
      },
      "OPTIONS",
    );
    expect(preflight.statusCode).toBe(204);
    expect(preflight.headers["access-control-allow-origin"]).toBe("http://127.0.0.1:3000");
  });
});

test.each([
  "/",
  "/_system/info",
  "/auth/v1/health",
  "/storage/v1/bucket",
  "/studio",
  "/rest/v1/../../_system/info",
])("%s is not served", async (path) => {
  const response = await raw(path, { apikey: publishableKey });
  expect(response.statusCode).toBe(404);
});

function ask(body: string): Promise<Response> {
  return fetch(tokenUrl, { method: "POST", headers: json, body });
}

// fetch overrides Host and normalizes the path.
function raw(path: string, headers: Record<string, string>, method = "GET"): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(supabaseUrl);
    request({ hostname, port, path, method, headers, agent: false }, (response) => resolve(response.resume()))
      .on("error", reject)
      .end();
  });
}
