import type postgres from "postgres";
import { describe, expect, test } from "vitest";
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

function recordMine(sub: string, rows: unknown) {
  return asUser(
    sub,
    (sql) => sql<{ count: number }[]>`
      select public.record_my_invocations(${sql.json(rows as postgres.JSONValue)}) as count`,
  );
}

const stored = (sub: string) =>
  superuser`select *, tableoid::regclass::text as partition from public.mcp_invocations where user_id = ${sub}`;

describe("the service's rows", () => {
  test("are kept as they were sent, duration in whole milliseconds", async () => {
    const row = {
      id: crypto.randomUUID(),
      user_id: newOwner(),
      tool: "tenants.delete",
      args: '{"id":"…"}',
      result: "'); drop table public.mcp_invocations; --",
      success: false,
      created_at: new Date().toISOString(),
      door: "mcp-stdio",
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

  test("add nothing when they come again, also among new ones", async () => {
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

  test("cannot say that somebody recorded them himself", async () => {
    const sub = newOwner();
    await record([{ ...call, user_id: sub, recorded_by: "self" }]);
    expect(await stored(sub)).toMatchObject([{ recorded_by: "service" }]);
  });

  test("are never refused for their day", async () => {
    const sub = newOwner();
    await record([
      { ...call, user_id: sub, created_at: "1999-12-31T23:59:59Z" },
      { ...call, user_id: sub, created_at: "2999-01-01T00:00:00Z" },
    ]);
    expect(await stored(sub)).toHaveLength(2);
  });

  test("stay, whatever the service tries, in the table and in its partitions", async () => {
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
    ["a door with a blank", { door: "my door" }, "mcp_invocations_door_shape"],
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

describe("one's own rows", () => {
  test("are the token's, whatever they say", async () => {
    const sub = newOwner();
    const other = newOwner("other");
    expect(await recordMine(sub, [{ ...call, user_id: other, recorded_by: "service" }])).toEqual([
      { count: 1 },
    ]);
    expect(await stored(sub)).toMatchObject([{ user_id: sub, recorded_by: "self" }]);
    expect(await stored(other)).toHaveLength(0);
  });

  test("do not take the place of a row that is there", async () => {
    const sub = newOwner();
    const row = { ...call, id: crypto.randomUUID(), created_at: new Date().toISOString() };
    await record([{ ...row, user_id: sub, result: "true" }]);
    expect(await recordMine(sub, [{ ...row, result: "forged" }])).toEqual([{ count: 0 }]);
    expect(await stored(sub)).toMatchObject([{ result: "true", recorded_by: "service" }]);
  });

  test("are cut to 16 KiB of text", async () => {
    const sub = newOwner();
    await recordMine(sub, [{ ...call, args: "a".repeat(20_000), result: "r".repeat(20_000) }]);
    expect(await stored(sub)).toMatchObject([{ args: "a".repeat(16_384), result: "r".repeat(16_384) }]);
  });

  test("are of now, give or take five minutes", async () => {
    const sub = newOwner();
    const at = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();
    for (const minutes of [-6, 6, -60 * 24 * 365]) {
      expect(await violated(recordMine(sub, [call, { ...call, created_at: at(minutes) }]))).toBe(
        "created_at_recent",
      );
    }
    expect(await stored(sub)).toHaveLength(0);
    await recordMine(
      sub,
      [-4, 4].map((minutes) => ({ ...call, created_at: at(minutes) })),
    );
    expect(await stored(sub)).toHaveLength(2);
    expect(await violated(recordMine(sub, [{ ...call, created_at: "infinity" }]))).toBe("created_at_recent");
  });

  test.each([[call], [null], [Array.from({ length: 101 }, () => call)]])(
    "come as a list of at most 100",
    async (rows) => {
      expect(await violated(recordMine(newOwner(), rows))).toMatch(/^p_rows_/);
    },
  );

  test("an empty list is nothing", async () => {
    expect(await recordMine(newOwner(), [])).toEqual([{ count: 0 }]);
  });
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
  const storedIntents = (sub: string) => superuser`select * from public.mcp_intents where user_id = ${sub}`;

  test("keep the id that the invocation will have", async () => {
    const sub = newOwner();
    const intent = { id: crypto.randomUUID(), tool: "tenants.delete", args: "{}", request_id: "req-1" };
    expect(await intend({ ...intent, user_id: sub })).toEqual([{ id: intent.id }]);
    expect(await storedIntents(sub)).toMatchObject([intent]);
    expect(await sqlState(intend({ ...intent, user_id: sub }))).toBe("23505");
  });

  test("are the token's, whatever they say, and of now", async () => {
    const sub = newOwner();
    const other = newOwner("other");
    const [intent] = await intendMine(sub, { tool: "tenants.delete", user_id: other });
    expect(await storedIntents(sub)).toMatchObject([{ id: intent?.id }]);
    expect(await storedIntents(other)).toHaveLength(0);
    const old = { tool: "tenants.delete", created_at: "2020-01-01T00:00:00Z" };
    expect(await violated(intendMine(sub, old))).toBe("created_at_recent");
  });

  test("never change and never go, not for the service", async () => {
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
