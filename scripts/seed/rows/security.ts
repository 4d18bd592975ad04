import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { demoTenant, resultOf, tenantOf } from "../demo-tenant.ts";
import { embeddedOf, type Row, row } from "../row.ts";
import { stdioClient } from "../stdio-server.ts";
import { send } from "../target.ts";

const another = "it takes a token of a second user: it is checked on the embedded default";
const listener = "it takes a backend that a check listens at: it is checked on the embedded default";

const subjectOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()).sub as string;

export const securityRows: Row[] = [
  row("auth-session-token", async ({ url, user }) => {
    assert.equal((await user.get("/api/mcp/tool")).body.authenticated, true);
    const forged = `${user.token.slice(0, -8)}AAAAAAAA`;
    const { status } = await send(`${url}/api/mcp/tool`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${forged}` },
      body: JSON.stringify({ name: "tenants.list" }),
    });
    assert.equal(status, 401);
  }),
  row(
    "auth-user-id",
    async (target) => {
      const { id } = await demoTenant(target);
      const { clerk_user_id: owner } = tenantOf(await target.user.call("tenants.get", { id }));
      assert.equal(owner, subjectOf(target.user.token));
    },
    { write: true },
  ),
  row(
    "auth-row-level-security",
    async ({ sql }) => {
      assert.ok(sql);
      const tables = ["tenants", "mcp_invocations", "external_health"];
      const rows = await sql`
        select relname from pg_class
        where relnamespace = 'public'::regnamespace and relname in ${sql(tables)}
          and relrowsecurity and relforcerowsecurity`;
      assert.equal(rows.length, tables.length);
    },
    { sql: true },
  ),
  row(
    "own-tenants",
    async (target) => {
      const { id } = await demoTenant(target);
      const { secondUser } = embeddedOf(target);
      const lookUp = async (other: string) => {
        const { status, body } = await secondUser.call("tenants.get", { id: other });
        return [status, body.message?.replace(other, "")];
      };
      const missing = await lookUp(randomUUID());
      assert.equal(missing[0], 404);
      assert.deepEqual(await lookUp(id), missing);
      const { tenants } = resultOf(await secondUser.call("tenants.list")) as { tenants: { id: string }[] };
      assert.ok(!tenants.some((tenant) => tenant.id === id));
    },
    { embedded: another },
  ),
  row("proxy-whitelist", async ({ user }) => {
    for (const path of ["/openapi.json/../admin", "//evil.test/health", "/services/provision"]) {
      const { status, body } = await user.call("fastapi.get", { path });
      assert.deepEqual([path, status, body.issues?.[0]?.path], [path, 400, "path"]);
    }
  }),
  row(
    "proxy-user-header",
    async (target) => {
      const { client, received } = await stdioClient(target);
      await client.callTool({ name: "fastapi_get", arguments: { path: "/health" } });
      assert.equal(received.headers["x-user-id"], subjectOf(target.user.token));
    },
    { embedded: listener },
  ),
];
