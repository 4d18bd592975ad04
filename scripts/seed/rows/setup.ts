import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { randomRut } from "../../../packages/tools-tenants/src/testing.ts";
import { demoName, resultOf, type Tenant } from "../demo-tenant.ts";
import { embeddedOf, type Row, row } from "../row.ts";
import { readRows } from "../tables.ts";
import type { Body, Target } from "../target.ts";
import { monitorPass } from "./observability.ts";

const root = path.join(import.meta.dirname, "../../..");
const run = promisify(execFile);
const writesHealth = "it writes rows of health: it is checked on the embedded default";

export const setupRows: Row[] = [
  row("setup-schema", async () => {
    const schema = await readFile(path.join(root, "sql/schema.sql"), "utf8");
    for (const table of ["tenants", "mcp_invocations", "external_health"])
      assert.match(schema, new RegExp(`create table public\\.${table} \\(`, "i"));
  }),
  row(
    "setup-policies",
    async ({ sql }) => {
      assert.ok(sql);
      const policies = await sql`select distinct tablename from pg_policies where schemaname = 'public'`;
      const names = policies.map(({ tablename }) => tablename);
      for (const table of ["tenants", "mcp_invocations", "external_health"])
        assert.ok(names.includes(table), table);
    },
    { sql: true },
  ),
  row(
    "setup-service-key",
    async (target) => {
      const { supabaseUrl: url, secretKey: serviceKey } = embeddedOf(target).settings;
      await readRows({ ...target, sql: undefined, rest: { url, serviceKey } }, "external_health", [
        "service",
      ]);
    },
    { embedded: "a key is made in the dashboard of Supabase; that it reads is what --service-key shows" },
  ),
  row("monitor-cron", async (target) => assert.equal((await monitorPass(target)).code, 0), {
    embedded: writesHealth,
  }),
];

/** Runs the seed's cURL line with the address and the token inserted. */
async function curl(target: Target, data: string): Promise<Body & { status: number }> {
  const response = await runCurl(target, data);
  if (response.status !== 429) return response;
  await sleep(Number(response.retryAfterMs));
  return runCurl(target, data);
}

async function runCurl({ url, spareUser: user }: Target, data: string): Promise<Body & { status: number }> {
  const args = ["-sS", "-X", "POST", `${url}/api/mcp/tool`, "-H", "Content-Type: application/json"];
  const cookie = ["-H", `Cookie: __session=${user.token}`];
  const { stdout } = await run("curl", [...args, ...cookie, "-d", data, "-w", "\n%{http_code}"]);
  const [text = "", status] = stdout.split("\n");
  return { ...(JSON.parse(text) as Body), status: Number(status) };
}

export const curlRows: Row[] = [
  row("curl-list", async (target) => {
    assert.equal((await curl(target, '{"name":"tenants.list"}')).ok, true);
  }),
  row("curl-create", async (target) => {
    const data = '{"name":"tenants.create","args":{"rut":"12.345.678-9","businessName":"Demo Corp"}}';
    const body = await curl(target, data);
    assert.deepEqual([body.status, body.error, body.issues?.[0]?.path], [400, "invalid_input", "rut"]);
    assert.ok(!JSON.stringify(body).includes("678-5"), "the right check digit is suggested");
  }),
  row(
    "curl-create-right-digit",
    async (target) => {
      const args = { rut: randomRut(), businessName: demoName };
      const { ok, result } = await curl(target, JSON.stringify({ name: "tenants.create", args }));
      assert.ok(ok && result);
      const { id, business_name } = result.tenant as Tenant;
      target.afterwards(async () => resultOf(await target.spareUser.call("tenants.delete", { id })));
      assert.equal(business_name, demoName);
    },
    { write: true },
  ),
  row("curl-health", async (target) => {
    const body = await curl(target, '{"name":"fastapi.get","args":{"path":"/health"}}');
    assert.equal(body.result?.status, 200);
  }),
];
