import { readFileSync } from "node:fs";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { PostgrestClient } from "@supabase/postgrest-js";
import { expect, inject, test } from "vitest";
import { call, newTenant, outcome, post, send } from "./http-client.ts";
import { newUser, now, sessionToken, tokenOf } from "./tokens.ts";

// Walks the table of docs/identity.md: what it says of each credential is tried at the HTTP transport and at the REST API.

const { local } = inject("web");
const { supabaseUrl, publishableKey, secretKey } = inject("embedded");

/** How to get each credential of the table, for a user. */
const credentials: Record<string, (sub: string) => Promise<string | undefined>> = {
  none: async () => undefined,
  operator: (sub) => tokenOf(local, sub),
  viewer: (sub) => tokenOf(local, sub, "viewer"),
  auditor: (sub) => tokenOf(local, sub, "auditor"),
  support: (sub) => tokenOf(local, sub, "support"),
  admin: (sub) => tokenOf(local, sub, "admin"),
  "organization admin, no role": (sub) =>
    sessionToken(local, { claims: { sub, o: { id: "org_1", rol: "admin" } } }),
  "unknown role": (sub) => tokenOf(local, sub, "root"),
  "no claim `role`": (sub) => sessionToken(local, { claims: { sub, role: undefined } }),
  "no subject": () => sessionToken(local, { claims: { sub: undefined } }),
  expired: (sub) => sessionToken(local, { claims: { sub, exp: now() - 60 } }),
  "another issuer": (sub) => sessionToken(local, { claims: { sub, iss: "https://clerk.example.com" } }),
  "publishable key": async () => publishableKey,
  "service role key": async () => secretKey,
};

const document = readFileSync(new URL("../../../docs/identity.md", import.meta.url), "utf8");
const [, section = ""] = document.split("## Each credential");
const rows = section
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.includes("credential |"))
  .map((line) =>
    line
      .split("|")
      .map((cell) => cell.trim())
      .slice(1, -1),
  )
  .filter((cells) => cells.length === 7);

test("the table names every credential, and no other", () => {
  expect(rows.map(([credential]) => credential)).toEqual(Object.keys(credentials));
});

test.each(rows)("%s", async (credential = "", list, create, foreign, role, own, foreignRows) => {
  const sub = newUser();
  const token = await credentials[credential]?.(sub);
  const mine = await newTenant(local, await tokenOf(local, sub));
  const theirs = await newTenant(local, await tokenOf(local));

  const web = async (name: string, args: unknown) => {
    const answer = token
      ? await call(local, token, name, args)
      : await post(local, undefined, { name, args });
    const [status, code] = outcome(answer);
    return code === "ok" ? `${status}` : `${status} ${code}`;
  };
  expect(await web("tenants.list", {})).toBe(list);
  expect(await web("tenants.create", { rut: newRut(), businessName: "Nueva SpA" })).toBe(create);
  expect(await web("tenants.get", { id: theirs.id })).toBe(foreign);

  // What tells how services stand knows the same people as the tools.
  const services = async (path: string, id: string) => {
    const answer = await send(local, `${path}?tenant=${id}`, {
      method: "HEAD",
      ...(token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    });
    return `${answer.status}`;
  };
  for (const path of ["/api/services", "/api/services/stream"]) {
    expect(await services(path, mine.id)).toBe(list?.slice(0, 3));
    expect(await services(path, theirs.id)).toBe(foreign?.slice(0, 3));
  }

  // An API key goes where API keys go; a session token comes beside the publishable one.
  const apikey = token?.startsWith("sb_") ? token : publishableKey;
  const headers = { apikey, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const rest = new PostgrestClient(`${supabaseUrl}/rest/v1`, { headers, retry: false });
  const count = async (id: string) => {
    const { data, error } = await rest.from("tenants").select("id").eq("id", id);
    return error ? "refused" : `${data.length}`;
  };
  expect(await roleOf(rest)).toBe(role);
  expect(await count(mine.id)).toBe(own);
  expect(await count(theirs.id)).toBe(foreignRows);
});

/** The role that a request gets in Postgres, told by what each alone may execute. */
async function roleOf(rest: PostgrestClient): Promise<string> {
  const may = async (name: string, args: object = {}) => !(await rest.rpc(name, args)).error;
  if (await may("ensure_partitions", { p_days_ahead: 1 })) return "service_role";
  if (await may("list_tenants")) return "authenticated";
  return (await may("ping")) ? "anon" : "none";
}
