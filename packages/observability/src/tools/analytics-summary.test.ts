import { createCatalog, createPipeline, createPrincipal, type Role, uuidv7 } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { asTestUser } from "@smarteros/supabase/testing";
import { beforeAll, describe, expect, inject, it } from "vitest";
import type { CallSummary } from "../analytics/summary.ts";
import { supabaseCallCounts } from "../analytics/supabase.ts";
import { exampleRecord } from "../audit/record.fixture.ts";
import { createRecorder } from "../audit/recorder.ts";
import { serviceAuditStore } from "../audit/supabase.ts";
import { silentLogger } from "../logger.fixture.ts";
import { type AnalyticsPorts, summarizeCalls } from "./analytics-summary.ts";

// Through the pipeline, on the embedded database, as people of each role.

const embedded = inject("embedded");
const store = serviceAuditStore(asService({ url: embedded.supabaseUrl }, embedded.secretKey));
const recorder = createRecorder({
  logger: silentLogger,
  lifetime: "short",
});
const allowed = { allowed: true, limit: 1, remaining: 1, resetMs: 1 };
const pipeline = createPipeline<AnalyticsPorts>({
  enabled: true,
  catalog: createCatalog<AnalyticsPorts>([summarizeCalls]),
  limiter: { consume: async () => allowed, peek: async () => allowed },
  recorder,
});
const [caller, other] = [`user_${uuidv7()}`, `user_${uuidv7()}`];
const tool = `probe.${crypto.randomUUID().slice(0, 8)}`;
const tenantId = uuidv7();
const now = Date.now();

async function ask(args: unknown, userId = `user_${uuidv7()}`, role: Role = "auditor") {
  const client = await asTestUser(embedded, userId, role);
  return pipeline.invoke({
    name: "analytics.summary",
    args,
    principal: createPrincipal(userId, role),
    ports: { counts: supabaseCallCounts(client), toolNames: [tool] },
    transport: "http",
    requestId: "r",
  });
}

async function summary(...words: Parameters<typeof ask>): Promise<CallSummary> {
  const outcome = await ask(...words);
  if (!outcome.ok) throw outcome.error;
  return outcome.result as CallSummary;
}

beforeAll(async () => {
  const calls = [10, 20, 30, 40, 5_000].map((durationMs, index) =>
    exampleRecord({
      userId: index < 3 ? caller : other,
      tool,
      tenantId: index === 0 ? tenantId : undefined,
      durationMs,
      success: index !== 4,
      code: index === 4 ? "internal" : "ok",
      createdAt: new Date(now - (index + 1) * 60_000),
    }),
  );
  const limited = exampleRecord({ userId: caller, tool, success: false, code: "rate_limited", calls: 7 });
  await Promise.all([...calls, limited].map((record) => recorder.record(record, store)));
});

describe("analytics.summary", () => {
  it("counts calls, errors and refusals, and their latencies", async () => {
    const { total, tools, users, moments, latencies } = await summary({ tool });
    expect(total).toMatchObject({ calls: 5, errors: 1, limited: 7 });
    expect(Math.abs((total.p50 ?? 0) - 30)).toBeLessThanOrEqual(0.4);
    expect(Math.abs((total.p99 ?? 0) - 5_000)).toBeLessThanOrEqual(50.1);
    expect(tools.map((line) => line.tool)).toEqual([tool]);
    expect(users.map(({ user, calls }) => [user, calls])).toEqual([
      [caller, 3],
      [other, 2],
    ]);
    expect(moments.reduce((sum, { calls }) => sum + calls, 0)).toBe(5);
    expect(latencies.reduce((sum, [, , calls]) => sum + calls, 0)).toBe(5);
  });

  it("shows a caller without audit only their own calls", async () => {
    const own = await summary({ tool }, caller, "operator");
    expect(own.total).toMatchObject({ calls: 3, errors: 0 });
    expect([own.users, own.tenants]).toEqual([[], []]);
    expect((await summary({ tool, user: other }, caller, "operator")).total.calls).toBe(0);
    expect((await summary({ tenantId }, caller, "operator")).total.calls).toBe(1);
    expect((await summary({ tenantId }, other, "operator")).total.calls).toBe(0);
    expect((await summary({ tool }, `user_${uuidv7()}`, "admin")).total.calls).toBe(5);
  });

  it("takes a time, a user and a tenant", async () => {
    expect((await summary({ user: other })).total).toMatchObject({ calls: 2, errors: 1 });
    expect((await summary({ tenantId })).total).toMatchObject({ calls: 1, errors: 0 });
    const from = new Date(now - 150_000).toISOString();
    expect((await summary({ tool, from, to: new Date(now).toISOString() })).total.calls).toBe(2);
    expect(
      (await summary({ tool, range: "1h", to: new Date(now - 3_600_000).toISOString() })).total.calls,
    ).toBe(0);
  });

  it.each([
    [{ from: "2026-01-02T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "from"],
    [{ from: "2024-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "from"],
    [{ user: "user_1", tenantId }, "tenantId"],
    [{ range: "2h" }, "range"],
    [{ from: "yesterday" }, "from"],
    [{ tenantId: "none" }, "tenantId"],
  ])("refuses %j and names the field", async (args, path) => {
    const outcome = await ask(args);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "invalid_input", details: { issues: [{ path }] } },
    });
  });
});
