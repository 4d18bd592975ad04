import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { clerkEnvironment } from "./environments.ts";
import { call, outcome, post } from "./http-client.ts";
import { newUser, now, sessionToken, tokenOf } from "./tokens.ts";
import { logOf, startWeb, type WebServer } from "./web-server.ts";

// What a caller and the log read of a credential that is refused, and of a key that Supabase refuses.

const embedded = inject("embedded");
const { clerk } = inject("web");

let machines: WebServer;
let wrongKey: WebServer;
beforeAll(async () => {
  [machines, wrongKey] = await Promise.all([
    startWeb((origin) => ({ ...clerkEnvironment(embedded, origin), CLERK_ALLOW_MISSING_AZP: "true" })),
    startWeb((origin) => ({
      ...clerkEnvironment(embedded, origin),
      NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_hunter2",
    })),
  ]);
});
afterAll(() => Promise.all([machines?.stop(), wrongKey?.stop()]));

describe("the reason is in the message and in the log", () => {
  test.each<[string, Record<string, unknown>, RegExp, RegExp]>([
    [
      "an expired token",
      { iat: now() - 600, exp: now() - 60 },
      /has expired.*about a minute.*Authorization: Bearer.*getToken/,
      /has expired/,
    ],
    [
      "a token without azp",
      { azp: undefined },
      /names no site.*CLERK_ALLOW_MISSING_AZP/,
      /missing \\"azp\\"/,
    ],
    [
      "a token of another site",
      { azp: "https://other.smarterbot.test" },
      /made for another site/,
      /unexpected \\"azp\\": https:\/\/other\.smarterbot\.test/,
    ],
    ["a token of another issuer", { iss: "https://clerk.test" }, /is not valid/, /unexpected \\"iss\\"/],
  ])("%s", async (_what, claims, message, logged) => {
    const { status, body, text } = await call(clerk, await sessionToken(clerk, { claims }), "tenants.list");
    expect(status).toBe(401);
    expect(body.message).toMatch(message);
    expect(text).not.toContain("other.smarterbot.test");
    const lines = logOf(clerk).split("\n");
    expect(lines.find((line) => line.includes(body.meta.requestId))).toMatch(
      new RegExp(`^\\[MCP_REFUSED\\].*"reason":.*${logged.source}`),
    );
  });

  test("an expired cookie", async () => {
    const token = await sessionToken(clerk, { claims: { iat: now() - 600, exp: now() - 60 } });
    const { body } = await post(clerk, undefined, { name: "tenants.list" }, { Cookie: `__session=${token}` });
    expect(body.message).toMatch(/cookies last about a minute: send a fresh one as Authorization: Bearer/);
  });
});

test("a token without azp is accepted where machine tokens are allowed, and one of another site is not", async () => {
  const machine = await sessionToken(machines, { claims: { azp: undefined } });
  expect(outcome(await call(machines, machine, "tenants.list"))).toEqual([200, "ok"]);
  const foreign = await sessionToken(machines, { claims: { azp: "https://other.smarterbot.test" } });
  expect(outcome(await call(machines, foreign, "tenants.list"))).toEqual([401, "unauthorized"]);
});

test("a key that Supabase refuses is unavailable, with its remedy and without the key", async () => {
  const response = await call(wrongKey, await tokenOf(wrongKey, newUser()), "tenants.list");
  expect(outcome(response)).toEqual([503, "unavailable"]);
  expect(response.body.message).toMatch(/refuses this deployment's API key.*npm run doctor/);
  expect(response.text + logOf(wrongKey)).not.toContain("hunter2");
});
