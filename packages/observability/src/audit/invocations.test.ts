import { type InvocationRecord, type Role, uuidv7 } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { asTestUser } from "@smarteros/supabase/testing";
import { beforeAll, expect, inject, it } from "vitest";
import { silentLogger } from "../logger.fixture.ts";
import { recentInvocations, tenantInvocations } from "./invocations.ts";
import { createRecorder } from "./recorder.ts";
import { serviceAuditStore, supabaseCallLog } from "./supabase.ts";

const embedded = inject("embedded");
const store = serviceAuditStore(asService({ url: embedded.supabaseUrl }, embedded.secretKey));
const recorder = createRecorder({
  logger: silentLogger,
  lifetime: "short",
});
const newUser = () => `user_${uuidv7()}`;
const operatorA = newUser();
const tenantId = uuidv7();
const started = Date.now();

/** The audit log as one user reaches it. */
const as = async (userId: string, role?: Role) => supabaseCallLog(await asTestUser(embedded, userId, role));

/** Records a call as a transport does; `age` in milliseconds before this test began. */
function record(age: number, changes: Partial<InvocationRecord> = {}) {
  return recorder.record(
    {
      id: uuidv7(),
      userId: operatorA,
      tool: "tenants.updateServices",
      args: { id: tenantId, services: { crm: true } },
      result: { age },
      durationMs: 12,
      success: true,
      code: "ok",
      transport: "http",
      tenantId,
      requestId: "request-1",
      calls: 1,
      createdAt: new Date(started - age),
      ...changes,
    },
    store,
  );
}

beforeAll(async () => {
  await Promise.all([
    ...Array.from({ length: 27 }, (_, age) => record(age)),
    record(0, { tenantId: uuidv7(), tool: "tenants.get" }),
    record(0, { tenantId: undefined, tool: "tenants.list" }),
  ]);
});

it("gives the last 25 calls about one tenant to who made them, newest first, with who and what", async () => {
  const items = await tenantInvocations(await as(operatorA), tenantId);
  expect(items.map(({ result }) => result)).toEqual(Array.from({ length: 25 }, (_, age) => ({ age })));
  expect(items[0]).toEqual({
    id: expect.any(String),
    at: expect.any(String),
    userId: operatorA,
    tool: "tenants.updateServices",
    durationMs: 12,
    success: true,
    code: "ok",
    args: { id: tenantId, services: { crm: true } },
    result: { age: 0 },
    redacted: false,
    requestId: "request-1",
    recordedBy: "service",
  });
  expect(Date.parse(items[0]?.at ?? "")).toBe(started);
});

it("gives another operator none of them, only their own about the same tenant", async () => {
  const operatorB = newUser();
  const log = await as(operatorB);
  expect(await tenantInvocations(log, tenantId)).toEqual([]);
  await record(1_000, { userId: operatorB, success: false, code: "not_found" });
  expect(await tenantInvocations(log, tenantId)).toMatchObject([{ userId: operatorB, code: "not_found" }]);
  const others = await tenantInvocations(await as(operatorA), tenantId);
  expect(others.filter(({ userId }) => userId !== operatorA)).toEqual([]);
});

it("gives a viewer who made none of them nothing", async () => {
  expect(await tenantInvocations(await as(newUser(), "viewer"), tenantId)).toEqual([]);
});

it.each(["auditor", "admin"] as const)("gives everybody's to an %s", async (role) => {
  const items = await tenantInvocations(await as(newUser(), role), tenantId);
  expect(items).toHaveLength(25);
  expect(items.map(({ userId }) => userId)).toContain(operatorA);
});

it("reads the same row as the list of one's own calls", async () => {
  const log = await as(operatorA);
  const [[ofTenant], own] = await Promise.all([
    tenantInvocations(log, tenantId),
    recentInvocations(log, operatorA),
  ]);
  const { userId, ...row } = ofTenant ?? { userId: undefined };
  expect(own).toContainEqual(row);
});
