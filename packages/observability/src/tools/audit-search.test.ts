import {
  createCatalog,
  createPipeline,
  createPrincipal,
  type Role,
  type StoredInvocation,
  uuidv7,
} from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { asTestUser } from "@smarteros/supabase/testing";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { exampleRecord } from "../audit/record.fixture.ts";
import { createRecorder } from "../audit/recorder.ts";
import { serviceAuditStore, supabaseCallLog } from "../audit/supabase.ts";
import { silentLogger } from "../logger.fixture.ts";
import { type AuditPorts, searchAudit } from "./audit-search.ts";

// Through the pipeline, on the embedded database, as people of each role.

const embedded = inject("embedded");
const service = asService({ url: embedded.supabaseUrl }, embedded.secretKey);
const store = serviceAuditStore(service);
const recorder = createRecorder({ logger: silentLogger, lifetime: "short" });
const catalog = createCatalog<AuditPorts>([searchAudit]);
const pipeline = createPipeline<AuditPorts>({
  enabled: true,
  catalog,
  limiter: {
    consume: async () => ({ allowed: true, limit: 1, remaining: 1, resetMs: 1 }),
    peek: async () => ({ allowed: true, limit: 1, remaining: 1, resetMs: 1 }),
  },
  recorder,
});

const caller = `user_${uuidv7()}`;
const tenantId = uuidv7();
const started = Date.now();
const calls: StoredInvocation[] = [];

async function search(args: unknown, role: Role = "auditor", userId = `user_${uuidv7()}`) {
  const client = await asTestUser(embedded, userId, role);
  return pipeline.invoke({
    name: "audit.search",
    args,
    principal: createPrincipal(userId, role),
    ports: {
      calls: supabaseCallLog(client),
      toolNames: ["tenants.get", "tenants.list", "tenants.delete", "audit.search"],
    },
    transport: "http",
    requestId: "r",
  });
}

type Found = { calls: { id: string }[]; nextCursor?: string };
async function found(args: Record<string, unknown>): Promise<Found> {
  const outcome = await search({ user: caller, ...args });
  if (!outcome.ok) throw outcome.error;
  return outcome.result as Found;
}
const idsOf = async (args: Record<string, unknown>) => (await found(args)).calls.map(({ id }) => id);

beforeAll(async () => {
  await Promise.all(
    Array.from({ length: 9 }, (_, age) =>
      recorder.record(
        exampleRecord({
          userId: caller,
          tool: age % 2 ? "tenants.get" : "tenants.list",
          tenantId: age === 4 ? tenantId : undefined,
          success: age !== 3 && age !== 6,
          code: age === 3 ? "forbidden" : age === 6 ? "rate_limited" : "ok",
          requestId: `${caller}-${age}`,
          createdAt: new Date(started - age * 1_000),
        }),
        {
          ...store,
          insert(rows) {
            calls.push(...rows);
            return store.insert(rows);
          },
        },
      ),
    ),
  );
  await store.intend({
    id: uuidv7(),
    userId: caller,
    tool: "tenants.delete",
    args: "{}",
    requestId: `${caller}-9`,
    createdAt: new Date(started - 120_000),
  });
  calls.sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
});

describe("audit.search", () => {
  it("finds calls with arguments and results, secrets blanked as they were stored", async () => {
    const { calls: rows } = await found({ limit: 1 });
    expect(rows).toEqual([
      {
        id: calls[0]?.id,
        at: expect.any(String),
        userId: caller,
        tool: "tenants.list",
        tenantId: null,
        code: "ok",
        success: true,
        durationMs: 12,
        calls: 1,
        transport: "http",
        requestId: `${caller}-0`,
        traceId: null,
        recordedBy: "service",
        redacted: true,
        args: { limit: 50, password: "[redacted]" },
        result: JSON.parse(calls[0]?.result ?? ""),
      },
    ]);
  });

  it("finds by each filter", async () => {
    const at = (age: number) => new Date(started - age * 1_000).toISOString();
    const of = (...ages: number[]) => ages.map((age) => calls[age]?.id);
    expect(await idsOf({ tool: "tenants.get" })).toEqual(of(1, 3, 5, 7));
    expect(await idsOf({ tool: "tenants_get" })).toEqual(of(1, 3, 5, 7));
    await expect(idsOf({ tool: "tenants.gte" })).rejects.toThrow("Use one of tenants.get, tenants.list");
    expect(await idsOf({ tenantId })).toEqual(of(4));
    expect(await idsOf({ status: "failed" })).toEqual(of(3, 6));
    expect(await idsOf({ status: "error" })).toEqual(of(3));
    expect(await idsOf({ status: "forbidden" })).toEqual(of(3));
    expect(await idsOf({ status: "ok", tool: "tenants.get" })).toEqual(of(1, 5, 7));
    expect(await idsOf({ requestId: `${caller}-6` })).toEqual(of(6));
    expect(await idsOf({ from: at(5), to: at(3) })).toEqual(of(4, 5));
    const unknown = await found({ status: "outcome_unknown" });
    expect(unknown.calls).toMatchObject([{ tool: "tenants.delete", code: "outcome_unknown", result: null }]);
  });

  it("continues after each page, to the end", async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Found = await found({ limit: 4, ...(cursor ? { cursor } : {}) });
      seen.push(...page.calls.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen.slice(0, 9)).toEqual(calls.map(({ id }) => id));
    expect(seen).toHaveLength(10);
  });

  it.each(["viewer", "operator"] as const)("is refused to a %s", async (role) => {
    expect(catalog.permitted(createPrincipal("user_1", role))).toEqual([]);
    expect(await search({ user: caller }, role, caller)).toMatchObject({ error: { code: "forbidden" } });
  });

  it.each([
    ["status", { status: "'; drop table mcp_invocations; --" }],
    ["tenantId", { tenantId: "1" }],
    ["from", { from: "yesterday" }],
    ["cursor", { cursor: "nonsense" }],
    ["limit", { limit: 101 }],
    ["owner", { owner: "x" }],
  ])("names the field %s when it makes no sense", async (path, args) => {
    expect(await search(args)).toMatchObject({
      error: { code: "invalid_input", details: { issues: [{ path }] } },
    });
  });

  it("is described in few words", () => {
    const [description] = catalog.describe(createPrincipal("user_1", "auditor"));
    expect(description?.description.length).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(JSON.stringify(description))).toBeLessThan(2_100);
  });
});
