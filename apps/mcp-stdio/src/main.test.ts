import { execFile } from "node:child_process";
import { createPublicKey, type JsonWebKeyInput, randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import postgres from "postgres";
import { afterAll, describe, expect, it } from "vitest";
import {
  base,
  call,
  connect,
  embedded,
  initialize,
  initialized,
  launch,
  local,
  program,
  sessionToken,
  slowProject,
} from "./stdio-server.fixture.ts";

const sql = postgres(embedded.superuserUrl, { max: 1, onnotice: () => undefined });
afterAll(() => sql.end());
const rowsOf = (userId: string) =>
  sql`select tool, code, recorded_by, transport from mcp_invocations where user_id = ${userId} order by created_at, id`;
const newUser = () => `user_${randomUUID().replaceAll("-", "")}`;
const publicKey = createPublicKey({ key: embedded.signingKey as JsonWebKeyInput["key"], format: "jwk" });
const tokenSettings = {
  CLERK_ISSUER: embedded.issuer,
  CLERK_JWT_KEY: publicKey.export({ type: "spki", format: "pem" }).toString(),
};
const text = (result: unknown) =>
  JSON.parse((result as { content: { text: string }[] }).content[0]?.text ?? "null");

describe("smarteros-mcp, driven by the SDK's client", () => {
  it("acts as a local user, with row level security, and records self-reported calls of that user", async () => {
    const { client, log } = await connect(local);
    const names = (await client.listTools()).tools.map(({ name }) => name);
    expect(names).toContain("tenants_create");
    const result = await client.callTool({ name: "tenants_list", arguments: { limit: 1 } });
    expect(result.structuredContent).toMatchObject({ tenants: expect.any(Array) });
    await client.close();
    expect(log.join()).toContain('[MCP_INVOCATION] {"user":"user_operator_a","tool":"tenants.list"');
    expect((await rowsOf("user_operator_a")).at(-1)).toEqual({
      tool: "tenants.list",
      code: "ok",
      recorded_by: "self",
      transport: "stdio",
    });
  });

  it("acts as the bearer of an access token", async () => {
    const sub = newUser();
    const { client } = await connect({
      ...base,
      ...tokenSettings,
      SMARTEROS_ACCESS_TOKEN: await sessionToken(sub, 300, { metadata: { role: "viewer" } }),
    });
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual([
      "analytics_summary",
      "health_timeline",
      "services_status",
      "tenants_get",
      "tenants_list",
    ]);
    await client.close();
  });

  it("requests services with the user's token alone, and says that no worker is there", async () => {
    const sub = newUser();
    const { client } = await connect({
      ...base,
      ...tokenSettings,
      SMARTEROS_ACCESS_TOKEN: await sessionToken(sub, 300, { metadata: { role: "operator" } }),
    });
    const [tenant] = await sql<[{ id: string }]>`
      insert into public.tenants (rut, business_name, clerk_user_id) values ('76086428-5', 'Uno SpA', ${sub}) returning id`;
    const requested = { tenantId: tenant.id, services: ["odoo"] };
    const run = text(await client.callTool({ name: "services_provision", arguments: requested }));
    expect(run).toMatchObject({
      status: "queued",
      requestedBy: sub,
      notice: expect.stringContaining("No worker"),
    });
    const shown = text(
      await client.callTool({ name: "services_status", arguments: { tenantId: tenant.id } }),
    );
    expect(shown).toMatchObject({ services: { odoo: { state: "queued" } }, runs: [{ runId: run.runId }] });
    await client.close();
  });

  it("renews a short-lived token with the token command before it expires", async () => {
    const folder = mkdtempSync(path.join(tmpdir(), "smarteros-token-"));
    const sub = newUser();
    const count = path.join(folder, "count");
    writeFileSync(path.join(folder, "token"), await sessionToken(sub, 600));
    const command = `echo x >> ${count}; cat ${path.join(folder, "token")}`;
    const env = {
      ...base,
      ...tokenSettings,
      SMARTEROS_ACCESS_TOKEN: await sessionToken(sub, 1),
      SMARTEROS_TOKEN_COMMAND: command,
      PATH: process.env.PATH ?? "",
    };
    const { client } = await connect(env);
    const calls = await Promise.all(
      Array.from({ length: 5 }, () => client.callTool({ name: "tenants_list" })),
    );
    expect(calls.every(({ isError }) => !isError)).toBe(true);
    await expect
      .poll(async () => {
        await client.callTool({ name: "tenants_list" });
        return readFileSync(count, { encoding: "utf8", flag: "a+" }).split("x").length - 1;
      })
      .toBe(1);
    await client.close();
    rmSync(folder, { recursive: true });
  });

  it("reports an expired access token and the remedy", async () => {
    const { client } = await connect({
      ...base,
      ...tokenSettings,
      SMARTEROS_ACCESS_TOKEN: await sessionToken(newUser(), -60),
    });
    await expect(client.listTools()).rejects.toThrow("SMARTEROS_TOKEN_COMMAND");
    await client.close();
  });

  it("rejects a token with a foreign signature", async () => {
    const [head, , signature] = (await sessionToken(newUser())).split(".");
    const forged = Buffer.from(
      JSON.stringify({ sub: "user_admin", metadata: { role: "admin" }, exp: 9_999_999_999, iat: 1 }),
    ).toString("base64url");
    const { client } = await connect({
      ...base,
      ...tokenSettings,
      SMARTEROS_ACCESS_TOKEN: `${head}.${forged}.${signature}`,
    });
    await expect(client.listTools()).rejects.toThrow("not valid");
    await client.close();
  });

  it("mints tokens for one user on a trusted host", async () => {
    const sub = newUser();
    const { client } = await connect({
      ...base,
      SMARTEROS_USER_ID: sub,
      SUPABASE_JWT_PRIVATE_KEY: JSON.stringify(embedded.signingKey),
    });
    const created = await client.callTool({
      name: "tenants_create",
      arguments: { rut: "12.345.678-5", businessName: "Demo SpA" },
    });
    expect(text(created)).toMatchObject({ tenant: { clerk_user_id: sub } });
    expect(await rowsOf(sub)).toMatchObject([{ code: "ok", recorded_by: "self" }]);
    await client.close();
  });

  it("initializes, lists no tool and gives the reason when MCP is switched off", async () => {
    const { client } = await connect({ ...local, MCP_ENABLED: "yes" });
    expect(client.getInstructions()).toContain("MCP_ENABLED is not true");
    expect((await client.listTools()).tools).toEqual([]);
    await client.close();
  });

  it("lists tools in the same, few bytes each time", async () => {
    const { client } = await connect({ ...local, MCP_TOOL_NAMES: "dotted" });
    const [first, second] = [await client.listTools(), await client.listTools()];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
    expect(first.tools[0]?.name).toBe("analytics.summary");
    expect(Buffer.byteLength(JSON.stringify(first))).toBeLessThan(13_000);
    await client.close();
  });

  it("calls only the backend paths of the allow-list", async () => {
    const requested: string[] = [];
    const backend = createServer((request, response) => {
      requested.push(`${request.method} ${request.url}`);
      response.writeHead(200, { "Content-Type": "application/json" }).end("{}");
    });
    await once(backend.listen(0, "127.0.0.1"), "listening");
    const { port } = backend.address() as AddressInfo;
    const paths = JSON.stringify([{ method: "GET", path: "/reports/:month" }]);
    const env = { ...local, FASTAPI_URL: `http://127.0.0.1:${port}`, FASTAPI_PATHS: paths };
    const { client } = await connect(env);
    const { tools } = await client.listTools();
    expect(tools.find(({ name }) => name === "fastapi_get")?.description).toContain("/reports/:month");
    expect(tools.map(({ name }) => name)).not.toContain("fastapi_post");
    const read = (path: string) => client.callTool({ name: "fastapi_get", arguments: { path } });
    expect((await read("/reports/2026-11")).isError).not.toBe(true);
    expect(text(await read("/health"))).toMatchObject({ error: "invalid_input", issues: [{ path: "path" }] });
    expect(requested).toEqual(["GET /reports/2026-11"]);
    await client.close();
    backend.close();
  });

  it("lists tools of services in few bytes, and reports an endpoint that a backend lacks where one is configured", async () => {
    const requested: string[] = [];
    const backend = createServer((request, response) => {
      requested.push(`${request.method} ${request.url}`);
      response.writeHead(404, { "Content-Type": "application/json" }).end('{"detail":"Not Found"}');
    });
    await once(backend.listen(0, "127.0.0.1"), "listening");
    const { port } = backend.address() as AddressInfo;
    const url = `http://127.0.0.1:${port}`;
    const env = {
      ...local,
      SMARTEROS_LOCAL_USER: "admin",
      FASTAPI_URL: url,
      SMARTEROS_BACKEND_URL: url,
      SMARTEROS_BACKEND_SECRET: Buffer.from(randomUUID() + randomUUID()).toString("base64"),
    };
    const { client } = await connect(env);
    const list = await client.listTools();
    expect(list.tools.map(({ name }) => name).filter((name) => /^(n8n|services)_/.test(name))).toEqual([
      "n8n_register",
      "n8n_trigger",
      "services_adopt",
      "services_cancel",
      "services_provision",
      "services_reconcile",
      "services_remove",
      "services_retry",
      "services_status",
    ]);
    expect(Buffer.byteLength(JSON.stringify(list))).toBeLessThan(19_500);
    // OpenAI, Azure and Vertex reject a whole request with one of these.
    expect(JSON.stringify(list)).not.toMatch(/"propertyNames"|"pattern":"[^"]*(?:\\[pPuUx]|\(\?[^:])/);

    const tenantId = randomUUID();
    const status = await client.callTool({ name: "services_status", arguments: { tenantId } });
    expect(text(status)).toMatchObject({ error: "upstream_error", service: "backend", upstreamStatus: 404 });
    expect(text(status).message).toContain("does not offer this");
    let payload = {};
    for (let level = 0; level < 500; level++) payload = { a: payload };
    const trigger = { tenantId, workflow: "welcome", payload };
    const deep = await client.callTool({ name: "n8n_trigger", arguments: trigger });
    expect(text(deep)).toMatchObject({ error: "invalid_input", issues: [{ path: "payload" }] });
    expect(requested).toEqual([`GET /services/status?tenant_id=${tenantId}`]);
    await client.close();
    backend.close();
  });

  it("responds to the MCP Inspector's command line", async () => {
    const inspector = createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/package.json");
    const bin = path.join(
      path.dirname(inspector),
      JSON.parse(readFileSync(inspector, "utf8")).bin["mcp-inspector"],
    );
    const settings = Object.entries(local).flatMap(([name, value]) => ["-e", `${name}=${value}`]);
    const args = [
      bin,
      "--cli",
      ...settings,
      process.execPath,
      program,
      "--method",
      "tools/call",
      "--tool-name",
      "tenants_list",
      "--tool-arg",
      "limit=5",
    ];
    const { stdout } = await promisify(execFile)(process.execPath, args, { encoding: "utf8" });
    expect(JSON.parse(stdout)).toMatchObject({ structuredContent: { tenants: expect.any(Array) } });
  });
});

describe("smarteros-mcp, over bare pipes", () => {
  it("names all invalid settings together, without values, and exits with 2 and an empty stdout", async () => {
    const { ended, log, lines } = launch({ NEXT_PUBLIC_SUPABASE_URL: "hunter2", MCP_TOOL_NAMES: "hunter3" });
    expect(await ended).toBe(2);
    expect(log()).toMatch(
      /MCP_TOOL_NAMES.*NEXT_PUBLIC_SUPABASE_URL.*NEXT_PUBLIC_SUPABASE_ANON_KEY is missing/,
    );
    expect(log()).not.toContain("hunter");
    expect(lines()).toEqual([]);
  });

  it("accepts exactly one credential", async () => {
    const both = launch({
      ...local,
      SMARTEROS_USER_ID: "u",
      SUPABASE_JWT_SECRET: "of the tests alone, 32 characters and more",
    });
    expect(await both.ended).toBe(2);
    expect(both.log()).toContain("exactly one credential");
    const hosted = launch({ ...local, NEXT_PUBLIC_SUPABASE_URL: "https://x.supabase.co" });
    expect(await hosted.ended).toBe(2);
    expect(hosted.log()).toContain("on this machine");
  });

  it("finishes the piped requests, stores every record and exits", async () => {
    const sub = newUser();
    const server = launch({
      ...base,
      SMARTEROS_USER_ID: sub,
      SUPABASE_JWT_PRIVATE_KEY: JSON.stringify(embedded.signingKey),
    });
    for (const message of [
      initialize,
      initialized,
      call(1, "tenants_list"),
      call(2, "tenants.list"),
      call(3, "nope"),
    ])
      server.send(message);
    server.child.stdin.end();
    expect(await server.ended).toBe(0);
    const responses = server.lines().map((line) => JSON.parse(line));
    expect(responses.map(({ id }) => id).toSorted()).toEqual([0, 1, 2, 3]);
    expect(responses.find(({ id }) => id === 3)).toMatchObject({ error: { code: -32602 } });
    expect((await rowsOf(sub)).map(({ code }) => code).toSorted()).toEqual(["ok", "ok", "tool_not_found"]);
  });

  it("survives malformed frames and prints only JSON-RPC", async () => {
    const server = launch(local);
    const junk = [
      "",
      "{",
      "null",
      "[]",
      "42",
      '"x"',
      "\u0000\u0001",
      "{}",
      '{"jsonrpc":"2.0"}',
      '{"jsonrpc":"1.0","id":1,"method":"ping"}',
      `{"jsonrpc":"2.0","id":${"9".repeat(400)},"method":"ping"}`,
      '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":7}}',
      '{"jsonrpc":"2.0","id":8,"method":"tools/call","params":{"name":"tenants_list","arguments":"no"}}',
      '{"jsonrpc":"2.0","id":9,"method":"__proto__"}',
      "{".repeat(10_000),
      `{"jsonrpc":"2.0","id":10,"method":"tools/call","params":{"name":"tenants_list","arguments":${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}}}`,
      "\ud800",
      '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":12345}}',
    ];
    server.send(initialize);
    for (const frame of junk) server.send(frame);
    let seed = 7;
    for (let round = 0; round < 300; round++) {
      const frame = [...JSON.stringify(call(1_000 + round, "tenants_list"))];
      for (let flip = 0; flip < 3; flip++) {
        seed = (seed * 48_271) % 2_147_483_647;
        frame[seed % frame.length] = String.fromCharCode(32 + (seed % 95));
      }
      server.send(frame.join(""));
    }
    server.send(call(99_999, "tenants_list", { limit: 1 }));
    await expect
      .poll(() => server.lines().some((line) => JSON.parse(line).id === 99_999), { timeout: 15_000 })
      .toBe(true);
    for (const line of server.lines()) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
  });

  it("cancels the request in flight when its client is killed, records it and exits", async () => {
    const slow = await slowProject();
    const sub = newUser();
    const token = await sessionToken(sub);
    const env = {
      ...base,
      ...tokenSettings,
      NEXT_PUBLIC_SUPABASE_URL: slow.url,
      SMARTEROS_ACCESS_TOKEN: token,
    };
    const server = launch(env);
    for (const message of [initialize, initialized, call(1, "tenants_list")]) server.send(message);
    await expect.poll(() => slow.state.waiting).toBe(1);
    server.child.stdin.destroy();
    server.child.stdout.destroy();
    server.child.kill("SIGTERM");
    expect(await server.ended).toBe(0);
    expect(slow.state.aborted).toBe(1);
    expect(await rowsOf(sub)).toMatchObject([{ tool: "tenants.list", code: "cancelled" }]);
    slow.close();
  });

  it("serves 10 000 calls without growing memory", async () => {
    // A small nursery makes retained memory visible independently of when garbage is collected.
    const server = launch({ ...local, MCP_LOG_DB: "false" }, ["--max-semi-space-size=2"]);
    server.send(initialize);
    server.send(initialized);
    const memory = () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.child.pid}/status`, "utf8"))?.[1]) / 1024;
    const sizes: number[] = [];
    for (let burst = 0; burst < 10; burst++) {
      // An invalid input still passes the whole pipeline and does not wait for the database.
      for (let id = 1; id <= 1_000; id++)
        server.send(call(burst * 1_000 + id, "tenants_get", { id: "no-uuid" }));
      await expect.poll(() => server.lines().length, { timeout: 30_000 }).toBe((burst + 1) * 1_000 + 1);
      sizes.push(memory());
    }
    // The first bursts fill the heap up to the first garbage collection.
    expect(sizes[9]! - sizes[4]!).toBeLessThan(30);
    server.child.stdin.end();
    expect(await server.ended).toBe(0);
  });
});
