import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { describe, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { call, newTenant } from "./http-client.ts";
import { encoded, newUser, tokenOf } from "./tokens.ts";
import { logOf } from "./web-server.ts";

const { local } = inject("web");
const { invocations, intents } = database();
const jwt = `${encoded({ alg: "RS256" })}.${encoded({ sub: "user_secret" })}.c2lnbmF0dXJlLW9mLXNvbWVib2R5`;
const card = "4111 1111 1111 1111";

describe("a secret that a caller puts where none belongs", () => {
  test.each<[string, string, string, unknown]>([
    ["a password under an unknown key", "hunter2-of-ana", "tenants.list", { password: "hunter2-of-ana" }],
    [
      "a key in a nested object",
      "zd-9f8e7d6c5b4a",
      "tenants.list",
      { chatwoot: { api_key: "zd-9f8e7d6c5b4a" } },
    ],
    ["a token in a list", jwt, "tenants.list", { search: [jwt] }],
    [
      "a token in a name that is too long",
      jwt,
      "tenants.create",
      { rut: newRut(), businessName: jwt.repeat(3) },
    ],
    ["a card number", card, "tenants.get", { id: card }],
    ["a database's address", "s3cr3tpass", "tenants.get", { id: "postgres://ana:s3cr3tpass@db.example/x" }],
    ["a token for a tool's name", jwt, jwt, {}],
    [
      "a long token for a tool's name",
      encoded({ sub: "user_secret", padding: "x".repeat(80) }),
      `eyJhbGciOiJSUzI1NiIsImtpZCI6Imluc18yIiwidHlwIjoiSldUIn0.${encoded({ sub: "user_secret", padding: "x".repeat(80) })}.c2ln`,
      {},
    ],
  ])("%s is in no row and in no line of the log", async (_what, secret, tool, args) => {
    const user = newUser();
    const answer = await call(local, await tokenOf(local, user), tool, args);
    expect(answer.body.ok).toBe(false);
    if (tool.startsWith("tenants.")) expect(answer.text).not.toContain(secret);
    await expect.poll(() => invocations(user)).toHaveLength(1);
    expect(JSON.stringify(await invocations(user))).not.toContain(secret.slice(0, 24));
    expect(logOf(local)).not.toContain(secret.slice(0, 24));
  });

  test("in a business name is left out of the audit log, which says that it left something out", async () => {
    const user = newUser();
    const businessName = `Ana ${jwt}`;
    await call(local, await tokenOf(local, user), "tenants.create", { rut: newRut(), businessName });
    const rows = await invocations(user);
    expect(rows).toMatchObject([{ tool: "tenants.create", code: "ok", redacted: true }]);
    expect(JSON.stringify(rows)).not.toContain(jwt.slice(-20));
    expect(logOf(local)).not.toContain(jwt.slice(-20));
  });
});

test("a RUT is in the row, which is its owner's, and not in the log", async () => {
  const user = newUser();
  const rut = newRut();
  await newTenant(local, await tokenOf(local, user), rut);
  expect(JSON.stringify(await invocations(user))).toContain(rut);
  expect(logOf(local)).not.toContain(rut);
});

test("the session token itself is in no row, no intent and no line of the log", async () => {
  const user = newUser();
  const token = await tokenOf(local, user);
  const { id } = await newTenant(local, token);
  await call(local, token, "tenants.delete", { id });
  const stored = JSON.stringify([await invocations(user), await intents(user)]) + logOf(local);
  for (const part of token.split(".").slice(1)) expect(stored).not.toContain(part);
});
