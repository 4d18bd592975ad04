import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createPrincipal } from "@smarteros/core";
import { SignJWT } from "jose";
import { NextRequest } from "next/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { services } from "./app-context.ts";
import { proxy } from "./proxy.ts";
import { readForPage } from "./session/read-for-page.ts";

const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const jwks = { keys: [{ ...publicKey.export({ format: "jwk" }), kid: "k", alg: "RS256", use: "sig" }] };
const identity = createServer((_request, response) => response.end(JSON.stringify(jwks)));
const origin = "http://127.0.0.1:3000";
let issuer = "";
const environment: Record<string, string> = {
  SMARTEROS_IDENTITY: "local",
  CLERK_AUTHORIZED_PARTIES: origin,
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_x",
};

beforeAll(async () => {
  await once(identity.listen(0, "127.0.0.1"), "listening");
  const url = `http://127.0.0.1:${(identity.address() as AddressInfo).port}`;
  issuer = `${url}/identity`;
  environment.NEXT_PUBLIC_SUPABASE_URL = url;
  Object.assign(process.env, environment);
});
afterAll(() => {
  identity.close();
  for (const name of Object.keys(environment)) delete process.env[name];
});

async function page(userId: string, language: string): Promise<Response> {
  const seconds = Math.floor(Date.now() / 1000);
  const token = await new SignJWT({ sid: "sess_1", azp: origin })
    .setProtectedHeader({ alg: "RS256", kid: "k", typ: "JWT" })
    .setIssuer(issuer)
    .setSubject(userId)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + 300)
    .sign(privateKey);
  const headers = { Cookie: `__session=${token}`, "Accept-Language": language };
  const request = new NextRequest(`${origin}/dashboard/tenants`, { headers });
  return (await proxy(request, {} as Parameters<typeof proxy>[1])) as Response;
}

test("the 601st read of a minute is refused, and then every page, in the reader's language; other users are not", async () => {
  const principal = createPrincipal("user_1", "operator");
  const read = () => readForPage(principal, async () => "rows");
  for (let asked = 1; asked <= 600; asked += 1) expect((await read()).ok).toBe(true);
  expect((await page("user_2", "es")).status).toBe(200);

  expect(await read()).toMatchObject({ ok: false, code: "rate_limited" });
  const refused = await page("user_1", "es-AR");
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
  expect(refused.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(await refused.text()).toMatch(/<html lang="es-CL">[\s\S]*Demasiadas solicitudes[\s\S]*Espera \d+ s/);
  expect(await (await page("user_1", "en")).text()).toMatch(
    /<html lang="en">[\s\S]*Too many requests[\s\S]*Wait \d+ s/,
  );
  expect((await page("user_2", "es")).status).toBe(200);
  // The tools' own limit was not drawn on.
  expect(await services()?.limiter.peek("user_1")).toMatchObject({ remaining: 30 });
});
