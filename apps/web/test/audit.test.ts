import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { randomRut as newRut } from "@smarteros/tools-tenants/testing";
import { describe, expect, inject, test } from "vitest";
import { database } from "./database.ts";
import { call, type HttpResponse, newAddress, newTenant, outcome, post, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";
import { logOf } from "./web-server.ts";

const web = inject("web");
const { sql, invocations, intents } = database();
const recordedBy = { local: "service", clerk: "self" };

describe.each(["local", "clerk"] as const)("with %s identity", (kind) => {
  const server = web[kind];

  /** Reads are recorded after their answer. */
  async function rowsOf(user: string, count: number) {
    await expect.poll(async () => (await invocations(user)).length).toBeGreaterThanOrEqual(count);
    const rows = await invocations(user);
    expect(rows).toHaveLength(count);
    return rows;
  }

  test.each<[string, string, unknown, string | undefined, [number, string]]>([
    ["ok", "tenants.list", { limit: 5 }, undefined, [200, "ok"]],
    ["denied", "tenants.create", { rut: newRut(), businessName: "No" }, "viewer", [403, "forbidden"]],
    ["invalid", "tenants.list", { limit: 0 }, undefined, [400, "invalid_input"]],
    ["not found", "tenants.get", { id: randomUUID() }, undefined, [404, "not_found"]],
    ["an unknown tool", "no.such", {}, undefined, [404, "tool_not_found"]],
  ])("%s is one row", async (_ending, tool, args, role, [status, code]) => {
    const user = newUser();
    const answer = await call(server, await tokenOf(server, user, role), tool, args);
    expect(outcome(answer)).toEqual([status, code]);
    const [row] = await rowsOf(user, 1);
    expect(row).toMatchObject({
      user_id: user,
      // Of a row that the user's own token writes, the database takes only tools that it knows.
      tool: kind === "clerk" && tool === "no.such" ? "unknown" : tool,
      success: code === "ok",
      code,
      transport: "http",
      recorded_by: recordedBy[kind],
      request_id: answer.body.meta.requestId,
      redacted: false,
      calls: 1,
    });
    expect(row?.duration_ms).toBe(answer.body.meta.durationMs);
    expect(JSON.parse(row?.args)).toEqual(args);
    expect(logLinesOf(answer)).toHaveLength(1);
  });

  test.each(["no.such\u0000", "no.such\ud800", "x".repeat(5_000), " ", "'; drop table tenants; --"])(
    "the name %j is one row too, however odd",
    async (tool) => {
      const user = newUser();
      const answer = await call(server, await tokenOf(server, user), tool);
      const [row] = await rowsOf(user, 1);
      expect(row).toMatchObject({ code: "tool_not_found", request_id: answer.body.meta.requestId });
      expect(row?.tool.length).toBeLessThanOrEqual(100);
    },
  );

  test("a conflict is one row, a mutation's row is there before its answer, and recent shows both", async () => {
    const user = newUser();
    const token = await tokenOf(server, user);
    const create = { rut: newRut(), businessName: "Una" };
    const created = await call(server, token, "tenants.create", create);
    expect(await invocations(user)).toMatchObject([
      { code: "ok", tenant_id: created.body.result.tenant.id, request_id: created.body.meta.requestId },
    ]);
    const conflict = await call(server, token, "tenants.create", create);
    expect(await invocations(user)).toMatchObject([{ code: "ok" }, { code: "conflict", success: false }]);

    const headers = { Authorization: `Bearer ${token}` };
    const recent = await send(server, "/api/mcp/invocations/recent", { headers });
    expect(recent.body.items).toMatchObject([
      {
        tool: "tenants.create",
        code: "conflict",
        success: false,
        requestId: conflict.body.meta.requestId,
        args: create,
      },
      {
        tool: "tenants.create",
        code: "ok",
        success: true,
        requestId: created.body.meta.requestId,
        redacted: false,
      },
    ]);
    expect(Object.keys(recent.body.items[0] ?? {}).sort()).toEqual(
      [
        "id",
        "at",
        "tool",
        "durationMs",
        "success",
        "code",
        "args",
        "result",
        "redacted",
        "requestId",
        "recordedBy",
      ].sort(),
    );
  });

  test("a destructive tool has its intent, with the id of its row, and an invalid one has none", async () => {
    const user = newUser();
    const token = await tokenOf(server, user);
    const { id } = await newTenant(server, token);
    await call(server, token, "tenants.delete", { id: "no id" });
    expect(await intents(user)).toHaveLength(0);
    const deleted = await call(server, token, "tenants.delete", { id });
    const [intent, ...more] = await intents(user);
    expect(more).toEqual([]);
    expect(intent).toMatchObject({
      tool: "tenants.delete",
      tenant_id: id,
      request_id: deleted.body.meta.requestId,
    });
    const row = (await invocations(user)).find((one) => one.request_id === deleted.body.meta.requestId);
    expect(row).toMatchObject({ id: intent?.id, code: "ok", tenant_id: id });
  });

  test("a foreign tenant's id in an intent gives its owner no row", async () => {
    const [owner, other] = [newUser(), newUser()];
    const { id } = await newTenant(server, await tokenOf(server, owner));
    await call(server, await tokenOf(server, other), "tenants.delete", { id });
    expect(await intents(owner)).toHaveLength(0);
    expect(await invocations(owner)).toHaveLength(1);
  });

  test("a call whose caller goes away is one row, cancelled", async () => {
    const user = newUser();
    const token = await tokenOf(server, user);
    const { id } = await newTenant(server, token);
    const leave = new AbortController();
    // Someone else holds the row, so that the tool has to wait while its caller leaves.
    await sql.begin(async (holder) => {
      await holder`select 1 from public.tenants where id = ${id} for update`;
      const answer = fetch(`${server.url}/api/mcp/tool`, {
        method: "POST",
        headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
        body: JSON.stringify({ name: "tenants.updateServices", args: { id, services: { crm: true } } }),
        signal: leave.signal,
      });
      setTimeout(() => leave.abort(), 500);
      await expect(answer).rejects.toThrow(/abort/i);
      await sleep(500);
    });
    const rows = await rowsOf(user, 2);
    expect(rows[1]).toMatchObject({
      tool: "tenants.updateServices",
      code: "cancelled",
      success: false,
      tenant_id: id,
    });
  });

  test("recent shows the caller's own rows alone, even to an auditor, and at most 25", async () => {
    const [user, auditor] = [newUser(), newUser()];
    const token = await tokenOf(server, user);
    await Promise.all(Array.from({ length: 27 }, () => call(server, token, "tenants.list")));
    await rowsOf(user, 27);
    const recent = async (bearer: string) =>
      (await send(server, "/api/mcp/invocations/recent", { headers: { Authorization: `Bearer ${bearer}` } }))
        .body.items;
    expect(await recent(token)).toHaveLength(25);
    expect(await recent(await tokenOf(server, auditor, "auditor"))).toEqual([]);
    expect(await recent(await tokenOf(server, newUser(), "admin"))).toEqual([]);
  });

  test("what is refused before there is a principal or a call is no row", async () => {
    const user = newUser();
    const token = await tokenOf(server, user);
    await post(server, token, "{");
    await post(server, token, {});
    await post(
      server,
      undefined,
      { name: "tenants.list" },
      { Cookie: `__session=${token}`, Origin: "https://evil.example", "X-Forwarded-For": newAddress() },
    );
    await call(server, token, "tenants.list");
    await rowsOf(user, 1);
  });

  const logLinesOf = ({ body }: HttpResponse) =>
    logOf(server)
      .split("\n")
      .filter((line) => line.startsWith("[MCP_INVOCATION") && line.includes(body.meta.requestId));
});
