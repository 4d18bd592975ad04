import type postgres from "postgres";
import { beforeAll, describe, expect, test } from "vitest";
import { asService, asUser, newOwner, sqlState, superuser, violated } from "./embedded.ts";

type Sent = Record<string, unknown>;

const call = { tool: "tenants.list", duration_ms: 1 };

function record(rows: unknown) {
  return asService(
    (sql) =>
      sql<
        { count: number }[]
      >`select public.record_invocations(${sql.json(rows as postgres.JSONValue)}) as count`,
  );
}

const stored = (sub: string) =>
  superuser`select *, tableoid::regclass::text as partition from public.mcp_invocations where user_id = ${sub}`;

describe("the service's rows", () => {
  test("are stored as sent, with the duration in whole milliseconds", async () => {
    const row = {
      id: crypto.randomUUID(),
      user_id: newOwner(),
      tool: "tenants.delete",
      args: '{"id":"…"}',
      result: "'); drop table public.mcp_invocations; --",
      success: false,
      created_at: new Date().toISOString(),
      transport: "mcp-stdio",
      tenant_id: crypto.randomUUID(),
      code: "not_found",
      request_id: "req-1",
      trace_id: "0af7651916cd43dd8448eb211c80319c",
      redacted: true,
      calls: 3,
    };
    expect(await record([{ ...row, duration_ms: 12.6 }])).toEqual([{ count: 1 }]);
    expect(await stored(row.user_id)).toMatchObject([
      { ...row, created_at: new Date(row.created_at), duration_ms: 13, recorded_by: "service" },
    ]);
  });

  test("are stored once when sent again, also among new ones", async () => {
    const sub = newOwner();
    const rows = Array.from({ length: 3 }, () => ({
      ...call,
      id: crypto.randomUUID(),
      user_id: sub,
      created_at: new Date().toISOString(),
    }));
    expect(await record(rows.slice(0, 2))).toEqual([{ count: 2 }]);
    expect(await record(rows)).toEqual([{ count: 1 }]);
    expect(await stored(sub)).toHaveLength(3);
  });

  test("cannot claim to be self-reported", async () => {
    const sub = newOwner();
    await record([{ ...call, user_id: sub, recorded_by: "self" }]);
    expect(await stored(sub)).toMatchObject([{ recorded_by: "service" }]);
  });

  test("with an excessive duration or count are limited", async () => {
    const sub = newOwner();
    await record([{ ...call, user_id: sub, duration_ms: 1e12, calls: 2 ** 31 + 5 }]);
    expect(await stored(sub)).toMatchObject([{ duration_ms: 86_400_000, calls: 1_000_000 }]);
  });

  test("are accepted for any day", async () => {
    const sub = newOwner();
    await record([
      { ...call, user_id: sub, created_at: "1999-12-31T23:59:59Z" },
      { ...call, user_id: sub, created_at: "2999-01-01T00:00:00Z" },
    ]);
    expect(await stored(sub)).toHaveLength(2);
  });

  test("cannot be changed or deleted by the service, in the table and in its partitions", async () => {
    const sub = newOwner();
    await record([{ ...call, user_id: sub }]);
    const [before] = await stored(sub);
    for (const table of [
      "public.mcp_invocations",
      before?.partition as string,
      "smarteros.mcp_invocations_default",
    ]) {
      const verbs = [`update ${table} set tool = 'x'`, `delete from ${table}`, `truncate ${table}`];
      const states = verbs.map((verb) => sqlState(asService((sql) => sql.unsafe(verb))));
      expect(await Promise.all(states)).toEqual(verbs.map(() => "42501"));
    }
    expect(await stored(sub)).toEqual([before]);
  });

  test.each([
    ["a negative duration", { duration_ms: -1 }, "mcp_invocations_duration_ms_not_negative"],
    ["no calls", { calls: 0 }, "mcp_invocations_calls_positive"],
    ["a code in capitals", { code: "NOT FOUND" }, "mcp_invocations_code_shape"],
    ["a trace that is none", { trace_id: "xyz" }, "mcp_invocations_trace_id_shape"],
    ["a transport with a blank", { transport: "my transport" }, "mcp_invocations_transport_shape"],
    ["nobody", { user_id: " " }, "mcp_invocations_user_id_not_empty"],
    ["no tool", { tool: "" }, "mcp_invocations_tool_length"],
    ["arguments over 256 KiB", { args: "x".repeat(262_145) }, "mcp_invocations_args_size"],
    ["a result over 256 KiB", { result: "ñ".repeat(131_073) }, "mcp_invocations_result_size"],
  ])("are refused with %s", async (_, wrong: Sent, constraint) => {
    expect(await violated(record([{ ...call, user_id: newOwner(), ...wrong }]))).toBe(constraint);
  });

  test("may name a tool of any length", async () => {
    const sub = newOwner();
    await record([{ ...call, user_id: sub, tool: "x".repeat(5000) }]);
    expect(await stored(sub)).toMatchObject([{ tool: "x".repeat(200) }]);
  });

  test.each([[{ tool: "x" }], [null], ["x"], [Array.from({ length: 1001 }, () => call)]])(
    "come as a list of at most 1000",
    async (rows) => {
      expect(await violated(record(rows))).toMatch(/^p_rows_/);
    },
  );
});

describe("intents", () => {
  const intend = (intent: Sent) =>
    asService(
      (sql) =>
        sql<{ id: string }[]>`select public.record_intent(${sql.json(intent as postgres.JSONValue)}) as id`,
    );
  const intendMine = (sub: string, intent: Sent) =>
    asUser(
      sub,
      (sql) =>
        sql<
          { id: string }[]
        >`select public.record_my_intent(${sql.json(intent as postgres.JSONValue)}) as id`,
    );
  beforeAll(() => asService((sql) => sql`select public.register_tools('{tenants.delete}')`));
  const storedIntents = (sub: string) => superuser`select * from public.mcp_intents where user_id = ${sub}`;

  test("have the id of the later invocation", async () => {
    const sub = newOwner();
    const intent = { id: crypto.randomUUID(), tool: "tenants.delete", args: "{}", request_id: "req-1" };
    expect(await intend({ ...intent, user_id: sub })).toEqual([{ id: intent.id }]);
    expect(await storedIntents(sub)).toMatchObject([intent]);
    expect(await sqlState(intend({ ...intent, user_id: sub }))).toBe("23505");
  });

  test("get the token's user and the current time, never their own values", async () => {
    const sub = newOwner();
    const other = newOwner("other");
    const old = { created_at: "2020-01-01T00:00:00Z", recorded_by: "service" };
    const [intent] = await intendMine(sub, { tool: "tenants.delete", user_id: other, ...old });
    const [stored] = await storedIntents(sub);
    expect(stored).toMatchObject({ id: intent?.id, recorded_by: "self", tool: "tenants.delete" });
    expect(Math.abs(stored?.created_at.getTime() - Date.now())).toBeLessThan(60_000);
    expect(await storedIntents(other)).toHaveLength(0);
  });

  test("of an unregistered tool are stored as unknown, and an invalid one is refused by its field", async () => {
    const sub = newOwner();
    await intendMine(sub, { tool: "evil.tool", tenant_id: crypto.randomUUID() });
    expect(await storedIntents(sub)).toMatchObject([{ tool: "unknown", tenant_id: null }]);
    expect(await violated(intendMine(sub, { tool: 1 }))).toBe("p_intent_tool");
    expect(await violated(intendMine(sub, { tool: "tenants.delete", id: "x" }))).toBe("p_intent_id");
    expect(await violated(intendMine(sub, [] as unknown as Sent))).toBe("p_intent_object");
  });

  test("of the service are not completed by a self-reported row", async () => {
    const sub = newOwner();
    const id = crypto.randomUUID();
    await intend({ id, tool: "tenants.delete", user_id: sub });
    const rows = [{ ...call, id }];
    await asUser(sub, (sql) => sql`select public.record_my_invocations(${sql.json(rows)})`);
    expect(await superuser`select from public.mcp_open_intents where id = ${id}`).toHaveLength(1);
    await record([{ ...call, id, user_id: sub }]);
    expect(await superuser`select from public.mcp_open_intents where id = ${id}`).toHaveLength(0);
  });

  test("cannot be changed or deleted, not even by the service", async () => {
    const [intent] = await intend({ tool: "tenants.delete", user_id: newOwner() });
    const id = intent?.id ?? "";
    expect(
      await sqlState(asService((sql) => sql`update public.mcp_intents set tool = 'x' where id = ${id}`)),
    ).toBe("42501");
    expect(await sqlState(asService((sql) => sql`delete from public.mcp_intents where id = ${id}`))).toBe(
      "42501",
    );
    expect(await sqlState(asService((sql) => sql`truncate public.mcp_intents`))).toBe("42501");
  });
});
