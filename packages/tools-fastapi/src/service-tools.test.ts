import { uuidv7 } from "@smarteros/core";
import { decodeJwt } from "jose";
import { afterEach, describe, expect, it, vi } from "vitest";
import { toolsBefore } from "./invoking.fixture.ts";
import { json, startUpstream, type Upstream } from "./upstream.fixture.ts";

const tenantId = uuidv7();
const runId = uuidv7();
const at = "2026-11-25T12:00:00.000Z";
const failure = { kind: "auth", message: "chatwoot inbox.create: auth.", remedy: "check_credential" };
const step = {
  service: "chatwoot",
  action: "provision",
  state: "waiting",
  attempts: 2,
  external_id: null,
  created: false,
  duplicates: ["7"],
  error: failure,
  next_attempt_at: at,
  started_at: at,
  finished_at: null,
};
const run = {
  run_id: runId,
  tenant_id: tenantId,
  status: "running",
  requested_by: "user_1",
  created_at: at,
  finished_at: null,
  steps: [step],
};
const shownRun = {
  runId,
  tenantId,
  status: "running",
  requestedBy: "user_1",
  createdAt: at,
  finishedAt: null,
  steps: [
    {
      service: "chatwoot",
      action: "provision",
      state: "waiting",
      attempts: 2,
      externalId: null,
      created: false,
      duplicates: ["7"],
      error: failure,
      nextAttemptAt: at,
      startedAt: at,
      finishedAt: null,
    },
  ],
};
const planned = {
  service: "n8n",
  outcome: "blocked",
  external_id: null,
  duplicates: [],
  drift: "missing",
  missing_settings: ["N8N_URL"],
  error: null,
};
const status = {
  wanted: true,
  state: "active",
  external_id: "tag:9",
  health: { process: { ok: true, latency_ms: 3 }, access: { ok: false, latency_ms: 4, kind: "auth" } },
  attempts: 1,
  last_error: null,
  next_attempt_at: null,
  duplicates: [],
  drift: { kind: "renamed", seen_name: "Otro", found_at: at },
  updated_at: at,
};
const five = ["chatwoot", "botpress", "odoo", "n8n", "metabase"];
const ofEach = (value: unknown) => Object.fromEntries(five.map((vendor) => [vendor, value]));
const registration = {
  tenant_id: tenantId,
  workflow: "welcome",
  path: "hooks/welcome",
  registered_by: "user_1",
  updated_at: at,
};

const upstreams: Upstream[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.stop()));
});

/** The tools before a backend that gives one answer, made from what it was sent. */
async function before(answer: unknown, code = 200) {
  const upstream = await startUpstream(
    (_request, response, hit) =>
      void setImmediate(() => {
        const sent = upstream.hits[hit - 1];
        json(response, code, typeof answer === "function" ? answer(sent?.body) : answer);
      }),
  );
  upstreams.push(upstream);
  return { ...toolsBefore(upstream.url, { secret: "s".repeat(32) }), upstream };
}

const tenantBody = { tenant_id: tenantId, services: ["chatwoot", "n8n"] };
const tenantArgs = { tenantId, services: ["chatwoot", "n8n"] };
const runLine = (verb: string) => `POST /services/runs/${runId}/${verb}`;
const statusLine = `GET /services/status?tenant_id=${tenantId}`;

const difference = {
  tenant_id: tenantId,
  service: "odoo",
  kind: "missing",
  external_id: "7",
  seen_name: null,
  repair: "provision",
  run_id: runId,
};

describe("each tool's request to the backend, and how its response is shown", () => {
  it.each([
    [
      "services.provision",
      tenantArgs,
      "POST /services/provision",
      { ...tenantBody, requested_by: "user_1", dry_run: false },
      run,
      shownRun,
    ],
    [
      "services.provision",
      { ...tenantArgs, dryRun: true },
      "POST /services/provision",
      { ...tenantBody, requested_by: "user_1", dry_run: true },
      { run_id: null, status: "planned", steps: [planned] },
      {
        runId: null,
        status: "planned",
        steps: [],
        plan: [
          {
            service: "n8n",
            outcome: "blocked",
            externalId: null,
            duplicates: [],
            drift: "missing",
            missingSettings: ["N8N_URL"],
            error: null,
          },
        ],
      },
    ],
    [
      "services.status",
      { tenantId },
      statusLine,
      undefined,
      { tenant_id: tenantId, services: ofEach(status), runs: [run] },
      {
        tenantId,
        services: ofEach({
          wanted: true,
          state: "active",
          externalId: "tag:9",
          health: {
            process: { ok: true, latencyMs: 3 },
            access: { ok: false, latencyMs: 4, kind: "auth" },
          },
          attempts: 1,
          lastError: null,
          nextAttemptAt: null,
          duplicates: [],
          drift: { kind: "renamed", seenName: "Otro", foundAt: at },
          updatedAt: at,
          held: false,
          comparedAt: null,
          url: null,
          leftToDo: [],
        }),
        runs: [shownRun],
      },
    ],
    ["services.retry", { runId }, runLine("retry"), undefined, run, shownRun],
    ["services.cancel", { runId }, runLine("cancel"), undefined, run, shownRun],
    [
      "services.retry",
      { filter: { vendor: "odoo", error: "auth" }, dryRun: true },
      "POST /services/runs/retry",
      { filter: { vendor: "odoo", error: "auth" }, dry_run: true },
      { count: 0, remaining: 50 },
      { count: 0, remaining: 50 },
    ],
    [
      "services.cancel",
      { filter: { since: at } },
      "POST /services/runs/cancel",
      { filter: { since: at }, dry_run: false },
      { count: 3, remaining: 0 },
      { count: 3, remaining: 0 },
    ],
    [
      "services.reconcile",
      { tenantId, vendor: "odoo", repair: true },
      "POST /services/reconcile",
      { tenant_id: tenantId, service: "odoo", repair: true },
      { compared: 1, unread: 0, differences: [difference], next_after: null },
      {
        compared: 1,
        unread: 0,
        differences: [
          {
            tenantId,
            service: "odoo",
            kind: "missing",
            externalId: "7",
            seenName: null,
            repair: "provision",
            runId,
          },
        ],
        nextAfter: null,
      },
    ],
    ["services.remove", tenantArgs, "POST /services/remove", tenantBody, run, shownRun],
    [
      "services.adopt",
      { tenantId, service: "odoo", externalId: " 7 " },
      "POST /services/adopt",
      { tenant_id: tenantId, service: "odoo", external_id: "7" },
      { tenant_id: tenantId, service: "odoo", external_id: "7", name: "Demo", state: "active" },
      {
        adopted: [{ tenantId, service: "odoo", externalId: "7", name: "Demo", state: "active" }],
        refused: [],
      },
    ],
    [
      "n8n.register",
      { tenantId, workflow: "welcome", path: "hooks/welcome" },
      "PUT /n8n/workflow",
      { tenant_id: tenantId, workflow: "welcome", path: "hooks/welcome" },
      registration,
      { tenantId, workflow: "welcome", path: "hooks/welcome", registeredBy: "user_1", updatedAt: at },
    ],
  ])("%s %j", async (name, args, line, body, answer, shown) => {
    const { invoke, upstream, records } = await before(answer, 202);
    const outcome = await invoke(name, args);
    expect(outcome).toMatchObject({ ok: true });
    expect(outcome.ok && outcome.result).toEqual(shown);
    const [hit] = upstream.hits;
    expect(`${hit?.method} ${hit?.url}`).toBe(line);
    expect(hit?.body ? JSON.parse(hit.body) : undefined).toEqual(body);
    expect(decodeJwt(hit?.headers.authorization?.slice("Bearer ".length) ?? "").sub).toBe("user_1");
    // A call about many runs is about no tenant.
    const about = "filter" in args ? undefined : tenantId;
    expect(records).toMatchObject([{ code: "ok", tenantId: about }]);
  });

  it("services.adopt takes several at once, and names those that were refused", async () => {
    const { invoke, upstream } = await before((body: string) => {
      const { tenant_id, service, external_id } = JSON.parse(body);
      return {
        tenant_id: external_id === "2" ? runId : tenant_id,
        service,
        external_id,
        name: "Demo",
        state: "active",
      };
    });
    const one = (externalId: string) => ({ tenantId, service: "odoo", externalId });
    const outcome = await invoke("services.adopt", { adoptions: ["1", "2", "3", "4", "5"].map(one) });
    expect(upstream.hits).toHaveLength(5);
    expect(outcome.ok && outcome.result).toEqual({
      adopted: ["1", "3", "4", "5"].map((id) => ({ ...one(id), name: "Demo", state: "active" })),
      refused: [{ ...one("2"), code: "upstream_error", message: expect.any(String) }],
    });
  });

  it("services.adopt begins nothing more when the call's time is short, and names what it left", async () => {
    vi.useFakeTimers({ toFake: ["performance"] });
    try {
      const { invoke, upstream } = await before((body: string) => {
        vi.advanceTimersByTime(4_000);
        const { tenant_id, service, external_id } = JSON.parse(body);
        return { tenant_id, service, external_id, name: "Demo", state: "active" };
      });
      const one = (externalId: string) => ({ tenantId, service: "odoo", externalId });
      const outcome = await invoke("services.adopt", { adoptions: ["1", "2", "3", "4", "5"].map(one) });
      expect(upstream.hits).toHaveLength(4);
      expect(outcome.ok && outcome.result).toMatchObject({
        adopted: ["1", "2", "3", "4"].map(one),
        refused: [{ ...one("5"), code: "deadline_exceeded" }],
      });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    [{ tenantId, service: "odoo" }, "externalId"],
    [{}, "tenantId"],
    [{ tenantId, adoptions: [{ tenantId, service: "odoo", externalId: "1" }] }, "adoptions"],
  ])("services.adopt refuses %j, and sends no request", async (args, path) => {
    const { invoke, upstream } = await before({});
    expect(await invoke("services.adopt", args)).toMatchObject({
      ok: false,
      error: { code: "invalid_input", details: { issues: [{ path }] } },
    });
    expect(upstream.hits).toEqual([]);
  });

  it("n8n.trigger sends the payload unchanged, under the id of its own record", async () => {
    const payload = { snake_case: { camelCase: [1, null, { deep_key: "ñ" }] } };
    const { invoke, upstream, records } = await before((body: string) => {
      const { payload: data, delivery_id } = JSON.parse(body);
      return { status: 200, data, delivery_id };
    });
    const outcome = await invoke("n8n.trigger", { tenantId, workflow: "welcome", payload });
    const deliveryId = records[0]?.id;
    expect(outcome).toMatchObject({ ok: true, result: { status: 200, data: payload, deliveryId } });
    const [hit] = upstream.hits;
    expect(`${hit?.method} ${hit?.url}`).toBe("POST /n8n/workflow");
    expect(JSON.parse(hit?.body ?? "")).toEqual({
      tenant_id: tenantId,
      workflow: "welcome",
      payload,
      delivery_id: deliveryId,
    });
    expect(records).toMatchObject([{ tenantId }]);
  });

  it.each(['{"constructor":{"prototype":1},"toString":2}', '{"__proto__":{"a":1},"b":[{"__proto__":null}]}'])(
    "n8n.trigger sends the payload %s as it is, and shows the same response",
    async (text) => {
      const { invoke, upstream } = await before((body: string) => {
        const { payload: data, delivery_id } = JSON.parse(body);
        return { status: 200, data, delivery_id };
      });
      const args = { tenantId, workflow: "welcome", payload: JSON.parse(text) };
      const outcome = await invoke("n8n.trigger", args);
      expect(outcome).toMatchObject({ ok: true });
      expect(JSON.stringify(JSON.parse(upstream.hits[0]?.body ?? "").payload)).toBe(text);
      expect(JSON.stringify(outcome.ok && (outcome.result as { data: unknown }).data)).toBe(text);
    },
  );

  it("n8n.trigger sends the caller's delivery id, and shows any status and a notice", async () => {
    const { invoke, upstream } = await before((body: string) => {
      const { delivery_id } = JSON.parse(body);
      return { status: 404, data: null, notice: "It is binary.", delivery_id };
    });
    const args = { tenantId, workflow: "welcome", deliveryId: "order-7_again" };
    expect(await invoke("n8n.trigger", args)).toMatchObject({
      ok: true,
      result: { status: 404, data: null, notice: "It is binary.", deliveryId: "order-7_again" },
    });
    expect(JSON.parse(upstream.hits[0]?.body ?? "")).toMatchObject({ delivery_id: "order-7_again" });
  });

  it("an id in capitals is sent and recorded in lower case", async () => {
    const { invoke, upstream, records } = await before(run);
    expect(await invoke("services.retry", { runId: runId.toUpperCase() })).toMatchObject({ ok: true });
    expect(upstream.hits[0]?.url).toBe(`/services/runs/${runId}/retry`);
    expect(records[0]?.tenantId).toBe(tenantId);
  });

  it("sends requests below the backend's folder", async () => {
    const { upstream } = await before(run);
    const { invoke } = toolsBefore(`${upstream.url}/api/v1/`);
    expect(await invoke("services.retry", { runId })).toMatchObject({ ok: true });
    const [hit] = upstream.hits;
    expect(hit?.url).toBe(`/api/v1/services/runs/${runId}/retry`);
    // Without FASTAPI_SECRET there is nothing to sign with, and a user's own service may not want it.
    expect(hit?.headers.authorization).toBeUndefined();
    expect(hit?.headers["x-user-id"]).toBe("user_1");
  });

  it("what destroys is recorded before it is sent", async () => {
    const { invoke, intents } = await before(run);
    await invoke("services.cancel", { runId });
    await invoke("services.remove", tenantArgs);
    await invoke("services.provision", tenantArgs);
    expect(intents.map(({ tool, tenantId: about }) => [tool, about])).toEqual([
      ["services.cancel", undefined],
      ["services.remove", tenantId],
    ]);
  });
});

const calls: Record<string, object> = {
  "services.provision": tenantArgs,
  "services.retry": { runId },
  "services.cancel": { runId },
  "services.reconcile": { tenantId },
  "services.remove": tenantArgs,
  "n8n.trigger": { tenantId, workflow: "welcome" },
  "n8n.register": { tenantId, workflow: "welcome", path: "welcome" },
};

describe("a caller without the capability does not reach the backend", () => {
  it.each(
    Object.entries(calls).flatMap(([name, args]) => [
      ["viewer" as const, name, args] as const,
      ["auditor" as const, name, args] as const,
    ]),
  )("%s: %s", async (role, name, args) => {
    const { invoke, upstream } = await before(run);
    expect(await invoke(name, args, role)).toMatchObject({ ok: false, error: { code: "forbidden" } });
    expect(upstream.hits).toEqual([]);
  });

  it.each(["services.remove", "n8n.register"])("operator: %s", async (name) => {
    const { invoke, upstream } = await before(run);
    const outcome = await invoke(name, calls[name], "operator");
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "forbidden", details: { required: "admin" } },
    });
    expect(upstream.hits).toEqual([]);
  });
});

const nested = (levels: number) => {
  let value: Record<string, unknown> = {};
  for (let level = 1; level < levels; level++) value = { a: value };
  return value;
};

describe("what may not be sent is refused by its field", () => {
  it.each([
    ...[
      "",
      "..",
      `${runId}/../../health`,
      `${runId}/cancel`,
      `${runId}%2f..`,
      `${runId}?x=1`,
      `${runId}#`,
      `${runId}\n`,
      ` ${runId}`,
      `${runId}\\..`,
      `//evil.test/${runId}`,
      [runId],
      { toString: runId },
      1,
      null,
    ].flatMap((id) => [
      ["services.retry", { runId: id }, "runId"] as const,
      ["services.cancel", { runId: id }, "runId"] as const,
    ]),
    ["services.retry", {}, "runId"],
    ["services.cancel", { runId, filter: { vendor: "odoo" } }, "runId"],
    ["services.retry", { runId, dryRun: true }, "dryRun"],
    ["services.retry", { filter: {} }, "filter"],
    ["services.cancel", { filter: { vendor: "slack" } }, "filter.vendor"],
    ["services.cancel", { filter: { since: "yesterday" } }, "filter.since"],
    ["services.reconcile", { tenantId, after: runId }, "after"],
    ["services.reconcile", { vendor: "slack" }, "vendor"],
    ["services.status", { tenantId: `${tenantId}&tenant_id=${runId}` }, "tenantId"],
    ["services.status", {}, "tenantId"],
    ["services.provision", { tenantId, services: [] }, "services"],
    ["services.provision", { tenantId, services: ["slack"] }, "services.0"],
    ["services.provision", { tenantId, services: ["n8n", "n8n"] }, "services"],
    ["services.provision", { ...tenantArgs, dryRun: "yes" }, "dryRun"],
    ["services.provision", { ...tenantArgs, requested_by: "user_2" }, "requested_by"],
    ["services.remove", { tenantId, services: "n8n" }, "services"],
    ["n8n.trigger", { tenantId, workflow: "../x" }, "workflow"],
    ["n8n.trigger", { tenantId, workflow: "a".repeat(65) }, "workflow"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: [] }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: "x" }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: nested(101) }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: nested(100_000) }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: { text: "x".repeat(61_440) } }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: { text: "ñ".repeat(31_000) } }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: null }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: { "\u0000": 1 } }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", payload: { deep: [{ half: "\ud83d" }] } }, "payload"],
    ["n8n.trigger", { tenantId, workflow: "a", deliveryId: "" }, "deliveryId"],
    ["n8n.trigger", { tenantId, workflow: "a", deliveryId: "a.b" }, "deliveryId"],
    ["n8n.trigger", { tenantId, workflow: "a", deliveryId: "a".repeat(101) }, "deliveryId"],
    ["n8n.register", { tenantId, workflow: "a", path: "../admin" }, "path"],
    ["n8n.register", { tenantId, workflow: "a", path: "/a" }, "path"],
    ["n8n.register", { tenantId, workflow: "a", path: "a//b" }, "path"],
    ["n8n.register", { tenantId, workflow: "a", path: "https://evil.test" }, "path"],
    ["n8n.register", { tenantId, workflow: "a", path: "a?b" }, "path"],
  ] as [string, object, string][])("%s, case %$", async (name, args, field) => {
    const { invoke, upstream } = await before(run);
    const outcome = await invoke(name, args);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: "invalid_input", details: { issues: [{ path: field, message: expect.any(String) }] } },
    });
    expect(upstream.hits).toEqual([]);
  });

  it("a payload just within its bounds is sent", async () => {
    const { invoke } = await before((body: string) => ({
      status: 200,
      data: null,
      delivery_id: JSON.parse(body).delivery_id,
    }));
    const text = "x".repeat(61_440 - '{"text":""}'.length);
    for (const payload of [{ text }, nested(100)])
      expect(await invoke("n8n.trigger", { tenantId, workflow: "a", payload })).toMatchObject({ ok: true });
  });
});

describe("a response about something else is refused", () => {
  const other = uuidv7();
  it.each([
    ["services.provision", { ...run, tenant_id: other }],
    ["services.provision", { run_id: null, status: "planned", steps: [] }],
    ["services.provision", { ...run, status: "done" }],
    ["services.provision", { ...run, run_id: "1; drop table" }],
    ["services.provision", "<html>"],
    ["services.provision", null],
    ["services.retry", { ...run, run_id: other }],
    ["services.cancel", { ...run, run_id: other }],
    [
      "services.reconcile",
      { compared: 1, unread: 0, differences: [{ ...difference, tenant_id: other }], next_after: null },
    ],
    ["services.remove", { ...run, tenant_id: other }],
    ["services.remove", { ...run, steps: undefined }],
    ["n8n.trigger", { status: 200, data: null, delivery_id: "of another" }],
    ["n8n.register", { ...registration, tenant_id: other }],
    ["n8n.register", { ...registration, workflow: "another" }],
  ])("%s, case %$", async (name, answer) => {
    const { invoke, records } = await before(answer);
    expect(await invoke(name, calls[name])).toMatchObject({
      ok: false,
      error: { code: "upstream_error", details: { service: "backend", upstreamStatus: 200 } },
    });
    expect(JSON.stringify(records)).not.toContain("drop table");
  });

  it.each([
    ["of another tenant", { tenant_id: other, services: ofEach(status), runs: [] }],
    ["without one of the services", { tenant_id: tenantId, services: { n8n: status }, runs: [] }],
    ["with a service more", { tenant_id: tenantId, services: { ...ofEach(status), x: status }, runs: [] }],
  ])("a status %s", async (_what, answer) => {
    const { invoke } = await before(answer);
    const outcome = await invoke("services.status", { tenantId });
    expect(outcome).toMatchObject({ ok: false, error: { code: "upstream_error" } });
  });

  it("shows nothing of what a backend adds", async () => {
    const { invoke } = await before({ ...run, secret: "hunter2", steps: [{ ...step, secret: "hunter2" }] });
    const outcome = await invoke("services.retry", { runId });
    expect(outcome).toMatchObject({ ok: true });
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
  });
});
