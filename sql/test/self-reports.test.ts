import { statusOf, uuidv7 } from "@smarteros/core";
import type postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";

type Report = { stored: number; skipped: { row: number; field: string; problem: string }[] };

const call = { tool: "tenants.list", duration_ms: 1 };
const at = (time: Date | string | undefined) => new Date(time ?? Number.NaN).getTime();

async function report(sub: string, rows: unknown, role?: string): Promise<Report> {
  const [row] = await asUser(
    sub,
    (sql) => sql<[{ report: Report }]>`
      select public.record_my_invocations(${sql.json(rows as postgres.JSONValue)}) as report`,
    role,
  );
  return row.report;
}

const stored = (sub: string) =>
  superuser`select * from public.mcp_invocations where user_id = ${sub} order by created_at`;

beforeAll(() => asService((sql) => sql`select public.register_tools('{tenants.list,tenants.get}')`));

describe("a self-reported call", () => {
  test("gets the token's user, the current time and the mark, never its own values", async () => {
    const [sub, other] = [newOwner(), newOwner("other")];
    const lie = { user_id: other, recorded_by: "service", created_at: "2020-01-01T00:00:00Z" };
    expect(await report(sub, [{ ...call, ...lie }])).toEqual({ stored: 1, skipped: [] });
    const [row] = await stored(sub);
    expect(row).toMatchObject({ user_id: sub, recorded_by: "self", tool: "tenants.list" });
    expect(Math.abs(at(row?.created_at) - Date.now())).toBeLessThan(60_000);
    expect(await stored(other)).toHaveLength(0);
  });

  test("is ordered by arrival", async () => {
    const sub = newOwner();
    await report(
      sub,
      ["a", "b", "c"].map((request_id) => ({ ...call, request_id })),
    );
    expect((await stored(sub)).map((row) => row.request_id)).toEqual(["a", "b", "c"]);
  });

  test("has only known tools, codes and transports, and tenants that the user sees", async () => {
    const sub = newOwner();
    const strange = {
      tool: "https://evil.example/x",
      code: "owned",
      transport: "pigeon",
      tenant_id: crypto.randomUUID(),
    };
    await report(sub, [{ ...call, ...strange }]);
    expect(await stored(sub)).toMatchObject([
      { tool: "unknown", code: "unknown", transport: null, tenant_id: null },
    ]);
  });

  test("may have any code of the closed list", async () => {
    const codes = ["ok", ...Object.keys(statusOf)];
    const [row] = await superuser`select array_agg(c) filter (where not smarteros.is_code(c)) as missing
      from unnest(${codes}::text[]) c`;
    expect(row?.missing).toBeNull();
  });

  test("has its owner's tenant", async () => {
    const sub = newOwner();
    const [tenant] = await asUser(
      sub,
      (sql) => sql`select id from public.create_tenant('76086428-5', 'Demo')`,
    );
    await report(sub, [{ ...call, tenant_id: tenant?.id }]);
    await report(newOwner("stranger"), [{ ...call, tenant_id: tenant?.id }]);
    expect(
      await superuser`select user_id from public.mcp_invocations where tenant_id = ${tenant?.id}`,
    ).toEqual([{ user_id: sub }]);
  });

  test("is stored once, even when sent twice concurrently", async () => {
    const sub = newOwner();
    const rows = Array.from({ length: 3 }, () => ({ ...call, id: uuidv7() }));
    const reports = await Promise.all([report(sub, rows), report(sub, rows), report(sub, rows.slice(0, 2))]);
    expect(reports.map((each) => each.stored).sort()).toEqual([0, 0, 3]);
    expect(await stored(sub)).toHaveLength(3);
  });

  test("does not replace a row of the service", async () => {
    const sub = newOwner();
    const row = { ...call, id: uuidv7(), user_id: sub, created_at: new Date().toISOString() };
    await asService((sql) => sql`select public.record_invocations(${sql.json([row])})`);
    expect(await report(sub, [{ ...row, result: "forged" }])).toEqual({ stored: 0, skipped: [] });
    expect(await stored(sub)).toMatchObject([{ recorded_by: "service" }]);
  });

  test("is cut to 16384 characters of text", async () => {
    const sub = newOwner();
    await report(sub, [{ ...call, args: "a".repeat(20_000), result: "r".repeat(20_000) }]);
    expect(await stored(sub)).toMatchObject([{ args: "a".repeat(16_384), result: "r".repeat(16_384) }]);
  });

  test.each<[string, unknown]>([
    ["", 7],
    ["", null],
    ["", []],
    ["tool", {}],
    ["tool", { ...call, tool: 5 }],
    ["id", { ...call, id: "not-a-uuid" }],
    ["id", { ...call, id: 12 }],
    ["id", { ...call, id: "0193a000-0000-7000-8000-000000000000" }],
    ["tenant_id", { ...call, tenant_id: "x" }],
    ["duration_ms", { tool: "tenants.list" }],
    ["duration_ms", { ...call, duration_ms: -1 }],
    ["duration_ms", { ...call, duration_ms: "1" }],
    ["duration_ms", { ...call, duration_ms: 86_400_001 }],
    ["calls", { ...call, calls: 0 }],
    ["calls", { ...call, calls: 2_147_483_647 }],
    ["success", { ...call, success: "yes" }],
    ["redacted", { ...call, redacted: 1 }],
    ["args", { ...call, args: {} }],
    ["trace_id", { ...call, trace_id: "xyz" }],
  ])(
    "is skipped and named by the field '%s' where it is bad, and the others are stored: %j",
    async (field, bad) => {
      const sub = newOwner();
      const found = await report(sub, [call, bad, call]);
      expect(found).toMatchObject({ stored: 2, skipped: [{ row: 1, field }] });
      expect(await stored(sub)).toHaveLength(2);
    },
  );

  test.each([[call], [null], [Array.from({ length: 101 }, () => call)]])(
    "comes as a list of at most 100",
    async (rows) => {
      expect(await violated(report(newOwner(), rows))).toMatch(/^p_rows_/);
    },
  );

  test("is limited to 6000 rows an hour for each user", async () => {
    const [sub, other] = [newOwner(), newOwner()];
    await report(sub, [call]);
    await superuser`update smarteros.self_report_counts set rows = 5999 where user_id = ${sub}`;
    expect(await report(sub, [call, call])).toMatchObject({
      stored: 1,
      skipped: [{ row: 1, problem: "over 6000 rows an hour" }],
    });
    expect(
      await sqlState(asUser(sub, (sql) => sql`select public.record_my_intent('{"tool": "tenants.get"}')`)),
    ).toBe("53400");
    expect(await report(other, [call])).toMatchObject({ stored: 1 });
    await superuser`update smarteros.self_report_counts set hour_start = hour_start - interval '1 hour' where user_id = ${sub}`;
    expect(await report(sub, [call])).toMatchObject({ stored: 1 });
  });
});

test("only the service registers tools, and only names of tools", async () => {
  const register = (names: string[]) =>
    asService((sql) => sql`select public.register_tools(${names}) as added`);
  const name = `probe.n${crypto.randomUUID().slice(0, 8)}`;
  expect([...(await register([name, name])), ...(await register([name]))]).toEqual([
    { added: 1 },
    { added: 0 },
  ]);
  for (const bad of ["https://evil", "a b.c", "x".repeat(70)])
    expect(await sqlState(register([bad]))).toBe("23514");
  expect(await sqlState(asUser(newOwner(), (sql) => sql`select public.register_tools('{a.b}')`))).toBe(
    "42501",
  );
});
