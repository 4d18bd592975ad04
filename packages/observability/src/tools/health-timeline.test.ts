import { createCatalog, createPipeline, createPrincipal, type Role, uuidv7 } from "@smarteros/core";
import { asService } from "@smarteros/supabase";
import { asTestUser } from "@smarteros/supabase/testing";
import { beforeAll, describe, expect, inject, it } from "vitest";
import { createRecorder } from "../audit/recorder.ts";
import { supabaseHealthLog } from "../health/supabase.ts";
import type { HealthTimeline } from "../health/timeline.ts";
import { silentLogger } from "../logger.fixture.ts";
import { type HealthPorts, readHealthTimeline } from "./health-timeline.ts";

// Through the pipeline, on the embedded database, as people of each role.

const embedded = inject("embedded");
const service = asService({ url: embedded.supabaseUrl }, embedded.secretKey);
const catalog = createCatalog<HealthPorts>([readHealthTimeline]);
const state = { allowed: true, limit: 1, remaining: 1, resetMs: 1 };
const pipeline = createPipeline<HealthPorts>({
  enabled: true,
  catalog,
  limiter: { consume: async () => state, peek: async () => state },
  recorder: createRecorder({ logger: silentLogger, lifetime: "short" }),
});
const [down, other] = [`down-${uuidv7()}`, `other-${uuidv7()}`];

async function logOf(role: Role, userId = `user_${uuidv7()}`) {
  return supabaseHealthLog(await asTestUser(embedded, userId, role));
}

async function call(args: unknown, role: Role = "viewer") {
  return pipeline.invoke({
    name: "health.timeline",
    args,
    principal: createPrincipal("user_1", role),
    ports: { health: await logOf(role) },
    transport: "http",
    requestId: "r",
  });
}

async function read(args: unknown): Promise<HealthTimeline> {
  const outcome = await call(args);
  if (!outcome.ok) throw outcome.error;
  return outcome.result as HealthTimeline;
}

const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const signal = AbortSignal.timeout(60_000);

beforeAll(async () => {
  const rows = [5, 4, 3].flatMap((minutes) => [
    { service: down, status: "error", latency_ms: 4_000, error_message: "timeout", created_at: ago(minutes) },
    { service: other, status: "ok", latency_ms: 120, created_at: ago(minutes) },
  ]);
  await service.from("external_health").insert(rows).throwOnError();
  await service.rpc("roll_up_health", {}).throwOnError();
});

describe("health.timeline", () => {
  it("shows a viewer which services are down, since when and why, the worst first", async () => {
    const { step, services, incidents } = await read({});
    expect(step).toBe("day");
    const names = services.map(({ service }) => service);
    expect(names.indexOf(down)).toBeLessThan(names.indexOf(other));
    expect(services.find(({ service }) => service === down)).toMatchObject({
      state: "error",
      status: "error",
      error: "timeout",
      samples: 3,
      uptime: 0,
      p95: null,
    });
    expect(services.find(({ service }) => service === other)).toMatchObject({ state: "ok", uptime: 1 });
    expect(incidents.find(({ service }) => service === down)).toMatchObject({
      to: null,
      failures: 3,
      reason: "timeout",
    });
  });

  it("shows one service only, by the hour for one day", async () => {
    const { step, services } = await read({ days: 1, service: other });
    expect(step).toBe("hour");
    expect(services).toMatchObject([{ service: other, samples: 3 }]);
    expect(services[0]?.p50).toBeGreaterThan(118);
    expect(services[0]?.p50).toBeLessThan(122);
  });

  it.each([
    ["days", { days: 91 }],
    ["days", { days: 0 }],
    ["service", { service: "" }],
    ["tenant", { tenant: "x" }],
  ])("names the field %s when it makes no sense", async (path, args) => {
    expect(await call(args)).toMatchObject({
      error: { code: "invalid_input", details: { issues: [{ path }] } },
    });
  });

  it("is described in few words", () => {
    const [description] = catalog.describe(createPrincipal("user_1", "viewer"));
    expect(description?.description.length).toBeLessThanOrEqual(200);
    expect(Buffer.byteLength(JSON.stringify(description))).toBeLessThan(3_000);
  });
});

describe("maintenance windows", () => {
  it("are an admin's to make and to end", async () => {
    const log = await logOf("admin");
    const id = await log.createWindow({ service: other, from: ago(1), to: ago(-9), reason: "Move" }, signal);
    const { windows, services } = await read({ service: other });
    expect(windows).toMatchObject([{ id, service: other, reason: "Move" }]);
    expect(services[0]?.state).toBe("maintenance");
    expect(await log.endWindow(id, signal)).toBe(true);
    expect(await log.endWindow(id, signal)).toBe(false);
    expect((await read({ service: other })).services[0]?.state).toBe("ok");
  });

  it.each(["viewer", "operator", "auditor"] as const)("are refused to a %s", async (role) => {
    const log = await logOf(role);
    const refused = { code: "forbidden" };
    await expect(
      log.createWindow({ from: ago(1), to: ago(-9), reason: "Move" }, signal),
    ).rejects.toMatchObject(refused);
    await expect(log.endWindow(uuidv7(), signal)).rejects.toMatchObject(refused);
  });

  it.each([
    ["to", { to: ago(2) }],
    ["to", { to: ago(-60 * 24 * 40) }],
    ["from", { from: ago(60 * 24 * 8) }],
    ["reason", { reason: "  " }],
    ["service", { service: "nobody" }],
  ])("name the field %s when they make no sense", async (path, wrong) => {
    const log = await logOf("admin");
    const window = { from: ago(1), to: ago(-9), reason: "Move", ...wrong };
    await expect(log.createWindow(window, signal)).rejects.toMatchObject({
      code: "invalid_input",
      details: { issues: [{ path }] },
    });
  });
});
