import type { ServerResponse } from "node:http";
import { type ErrorCode, statusOf, uuidv7 } from "@smarteros/core";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { toolsBefore } from "./invoking.fixture.ts";
import { json, startUpstream, type Upstream } from "./upstream.fixture.ts";

const secret = "a secret of at least thirty-two characters";
const tenantId = uuidv7();
const trigger = { tenantId, workflow: "welcome", payload: {} };
const upstreams: Upstream[] = [];
afterEach(async () => {
  await Promise.all(upstreams.splice(0).map((upstream) => upstream.stop()));
});

async function upstreamThat(...handler: Parameters<typeof startUpstream>) {
  const upstream = await startUpstream(...handler);
  upstreams.push(upstream);
  return upstream;
}

/** What the caller of a tool receives when the backend responds with this, and what of it is recorded. */
async function responseOf(
  status: number,
  body: unknown,
  [name, args]: [string, object] = ["n8n.trigger", trigger],
) {
  const upstream = await upstreamThat((_, response) => json(response, status, body));
  const { invoke, records } = toolsBefore(upstream.url, { secret });
  const outcome = await invoke(name, args);
  if (outcome.ok) throw new Error("it was taken");
  const { code, message, details } = outcome.error;
  const { cause: _forTheLog, ...record } = records[0] ?? {};
  return { code, message, details, record: JSON.stringify(record), hits: upstream.hits.length };
}

const refused = (error: string, more: object = {}) => ({
  ok: false,
  error,
  message: "What, where, what to do.",
  meta: { requestId: "of the backend" },
  ...more,
});

describe("the backend's own refusals are the caller's", () => {
  it.each([
    [404, "not_found", {}, {}],
    [409, "conflict", { existingId: uuidv7(), retryAfterMs: 5, didYouMean: "x" }, {}],
    [403, "forbidden", { required: "admin" }, { required: "admin" }],
    [503, "unavailable", {}, {}],
    [504, "deadline_exceeded", {}, {}],
    [502, "upstream_error", { service: "n8n", upstreamStatus: 404 }, { service: "n8n", upstreamStatus: 404 }],
    [504, "upstream_timeout", { service: "n8n" }, { service: "n8n" }],
  ])("%i %s", async (status, error, more, details) => {
    const response = await responseOf(status, refused(error, more));
    expect(response).toMatchObject({ code: error, message: "What, where, what to do.", hits: 1 });
    expect(response.details).toEqual(details);
  });

  it("names the tool's fields, not those of the wire, and leaves the caller's own keys as they are", async () => {
    const issues = [
      { path: "tenant_id", message: "Not a tenant." },
      { path: "payload.my_key.other_key", message: "Wrong." },
      { path: "", message: "All of it." },
    ];
    const response = await responseOf(
      400,
      refused("invalid_input", { issues, message: "tenant_id: Not a tenant." }),
    );
    expect(response).toMatchObject({
      code: "invalid_input",
      message: "tenantId: Not a tenant. payload.my_key.other_key: Wrong. All of it.",
      details: {
        issues: [
          { path: "tenantId", message: "Not a tenant." },
          { path: "payload.my_key.other_key", message: "Wrong." },
          { path: "", message: "All of it." },
        ],
      },
    });
  });
});

describe("what is not one of them is upstream_error, without a word of it", () => {
  it.each([
    ["a code of no list", 418, refused("teapot hunter2")],
    ["a code that is not the caller's affair", 405, refused("method_not_allowed", { message: "hunter2" })],
    ["an internal error", 500, refused("internal", { message: "hunter2" })],
    ["a code under another's status", 500, refused("not_found", { message: "hunter2" })],
    ["a refusal under 400", 400, refused("conflict", { message: "hunter2" })],
    ["no message", 409, refused("conflict", { message: "", hunter2: 1 })],
    ["a message without end", 409, refused("conflict", { message: "hunter2".repeat(1_000) })],
    ["a message that is none", 409, refused("conflict", { message: { text: "hunter2" } })],
    ["issues that are none", 400, refused("invalid_input", { issues: ["hunter2"] })],
    [
      "too many issues",
      400,
      refused("invalid_input", { issues: Array(21).fill({ path: "a", message: "hunter2" }) }),
    ],
    ["no issues", 400, refused("invalid_input", { message: "hunter2" })],
    ["a capability of no list", 403, refused("forbidden", { required: "hunter2" })],
    ["a service of no list", 502, refused("upstream_error", { service: "hunter2" })],
    ["a failure of nobody", 502, refused("upstream_error", { message: "hunter2" })],
    ["FastAPI's own words", 422, { detail: [{ loc: ["body", "x"], msg: "hunter2" }] }],
    ["a proxy's page", 502, "<html>hunter2</html>"],
    ["a list", 400, [refused("conflict", { message: "hunter2" })]],
  ])("%s", async (_what, status, body) => {
    const response = await responseOf(status, body);
    expect(response.code).toBe("upstream_error");
    expect(response.details).toEqual({ service: "backend", upstreamStatus: status });
    expect(response.message + response.record).not.toContain("hunter2");
    expect(response.hits).toBe(1);
  });

  it.each([
    ["in our shape", refused("unauthorized", { message: "The jti was used: hunter2" })],
    ["in its own", { detail: "hunter2" }],
  ])("a 401 %s is this server's affair, and no 401 of the caller's", async (_how, body) => {
    const response = await responseOf(401, body);
    expect(response).toMatchObject({
      code: "upstream_error",
      details: { service: "backend", upstreamStatus: 401 },
    });
    expect(response.message).toContain("FASTAPI_SECRET");
    expect(response.message + response.record).not.toMatch(/hunter2|thirty-two characters/);
  });

  it.each([
    [404, { detail: "Not Found" }],
    [405, { detail: "Method Not Allowed" }],
    [404, "<html>"],
  ])("a %i of a service without this call is reported as such: %j", async (status, body) => {
    for (const call of [
      ["n8n.trigger", trigger],
      ["services.status", { tenantId }],
    ] as [string, object][]) {
      const response = await responseOf(status, body, call);
      expect(response).toMatchObject({
        code: "upstream_error",
        details: { upstreamStatus: status },
        hits: 1,
      });
      expect(response.message).toContain("does not offer this");
    }
  });

  it("a redirect is not followed, with any body", async () => {
    const inner = await upstreamThat();
    const upstream = await upstreamThat((_, response) =>
      response.writeHead(307, { Location: `${inner.url}/n8n/workflow` }).end(),
    );
    const { invoke } = toolsBefore(upstream.url, { secret });
    expect(await invoke("n8n.trigger", trigger)).toMatchObject({
      error: { code: "upstream_error", details: { upstreamStatus: 307 } },
    });
    expect(inner.hits).toEqual([]);
  });
});

describe("under fuzz", () => {
  const codes = Object.keys(statusOf) as ErrorCode[];
  const shaped = fc.record(
    {
      ok: fc.constant(false),
      error: fc.constantFrom(...codes),
      message: fc.oneof(fc.string({ unit: "binary" }), fc.jsonValue()),
      issues: fc.array(fc.record({ path: fc.string(), message: fc.string() })),
      service: fc.oneof(fc.constantFrom("n8n", "odoo"), fc.string()),
      required: fc.oneof(fc.constantFrom("admin"), fc.string()),
      upstreamStatus: fc.jsonValue(),
    },
    { requiredKeys: ["error"] },
  );
  const answers = fc.oneof(
    // Mostly under the status that the code has, so that some of them pass.
    shaped.map((body) => ({ status: statusOf[body.error], body: body as unknown })),
    fc.record({ status: fc.integer({ min: 200, max: 599 }), body: fc.oneof(shaped, fc.jsonValue()) }),
  );

  it("any response becomes an error of ours, and a 401 or an internal error is never the caller's", async () => {
    let next: { status: number; body: unknown } = { status: 500, body: null };
    const upstream = await upstreamThat((_, response) => {
      const noBody = next.status === 204 || next.status === 205 || next.status === 304;
      if (noBody) response.writeHead(next.status).end();
      else json(response, next.status, next.body);
    });
    const { invoke } = toolsBefore(upstream.url, { secret });
    const passed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        next = answer;
        const { status, body } = answer;
        const outcome = await invoke("n8n.trigger", trigger);
        if (outcome.ok) throw new Error("it was taken");
        const { code, details } = outcome.error;
        passed.add(code);
        if (code === "upstream_error" && details.service === "backend") return;
        expect(statusOf[code]).toBe(status);
        expect((body as { error: string }).error).toBe(code);
        expect(
          Object.keys(details).every((name) =>
            ["issues", "required", "service", "upstreamStatus"].includes(name),
          ),
        ).toBe(true);
      }),
      { numRuns: 1_500 },
    );
    for (const code of ["unauthorized", "internal", "rate_limited", "mcp_disabled", "tool_not_found"])
      expect(passed).not.toContain(code);
    for (const code of ["not_found", "conflict", "unavailable"]) expect(passed).toContain(code);
  }, 60_000);
});

describe("how often and how long", () => {
  const status = { tenantId };
  const unavailable = (_: unknown, response: ServerResponse) => json(response, 503, refused("unavailable"));

  it("reading is tried again, with the backend's own words at the end", async () => {
    const upstream = await upstreamThat(unavailable);
    const { invoke } = toolsBefore(upstream.url, { secret });
    expect(await invoke("services.status", status)).toMatchObject({
      error: { code: "unavailable", message: "What, where, what to do." },
    });
    expect(upstream.hits).toHaveLength(3);
    expect(new Set(upstream.hits.map(({ headers }) => headers.authorization)).size).toBe(3);
  });

  it.each([
    ["n8n.trigger", trigger],
    ["n8n.register", { tenantId, workflow: "welcome", path: "welcome" }],
    ["services.provision", { tenantId, services: ["n8n"] }],
    ["services.remove", { tenantId, services: ["n8n"] }],
    ["services.retry", { runId: tenantId }],
    ["services.cancel", { runId: tenantId }],
  ])("%s is sent once, with any outcome", async (name, args) => {
    const upstream = await upstreamThat((_, response, hit) =>
      hit % 2 ? void response.destroy() : json(response, 503, "busy"),
    );
    const { invoke } = toolsBefore(upstream.url, { secret });
    for (const hits of [1, 2]) {
      expect(await invoke(name, args)).toMatchObject({ error: { code: "upstream_error" } });
      expect(upstream.hits).toHaveLength(hits);
    }
  });

  it.each([
    ["never answers", () => undefined],
    [
      "hangs in the body of its failure",
      (_: unknown, response: ServerResponse) =>
        void response.writeHead(502, { "Content-Type": "application/json" }).write('{"error":'),
    ],
    [
      "hangs in the body of its answer",
      (_: unknown, response: ServerResponse) =>
        void response.writeHead(200, { "Content-Type": "application/json" }).write('{"run_id":'),
    ],
  ])("a backend that %s is upstream_timeout, and its connection is closed", async (_how, handler) => {
    const upstream = await upstreamThat(handler);
    const { invoke } = toolsBefore(upstream.url, { secret, deadlineMs: 200 });
    for (const [name, args] of [
      ["services.status", status],
      ["services.retry", { runId: tenantId }],
    ] as const)
      expect(await invoke(name, args)).toMatchObject({
        error: { code: "upstream_timeout", details: { service: "backend" } },
      });
    await expect.poll(() => upstream.abandoned()).toBe(upstream.hits.length);
  });

  it.each([
    ["broke off", (response: ServerResponse) => void response.destroy()],
    ["failed without words", (response: ServerResponse) => json(response, 500, "failed")],
    ["cannot be read", (response: ServerResponse) => json(response, 200, { status: "ok" })],
  ])("a workflow may have run where the backend's response %s", async (_, answer) => {
    const upstream = await upstreamThat((_request, response) => answer(response));
    const { invoke } = toolsBefore(upstream.url, { secret });
    const message = expect.stringContaining("The workflow may have run");
    expect(await invoke("n8n.trigger", trigger)).toMatchObject({
      error: { code: "upstream_error", message },
    });
  });

  it("a workflow has not run where the backend is not there, or knows no such path", async () => {
    const upstream = await upstreamThat((_, response) => json(response, 404, { detail: "Not Found" }));
    const { invoke } = toolsBefore(upstream.url, { secret });
    const none = { error: { code: "upstream_error", message: expect.not.stringContaining("may have run") } };
    expect(await invoke("n8n.trigger", trigger)).toMatchObject(none);
    await upstream.stop();
    expect(await invoke("n8n.trigger", trigger)).toMatchObject(none);
  });

  it("a workflow may take longer than a call of the backend", async () => {
    const upstream = await upstreamThat((_, response) =>
      setTimeout(() => {
        const { delivery_id } = JSON.parse(upstream.hits[0]?.body ?? "");
        json(response, 200, { status: 200, data: "late", delivery_id });
      }, 400),
    );
    const { invoke } = toolsBefore(upstream.url, { secret, deadlineMs: 200 });
    expect(await invoke("n8n.trigger", trigger)).toMatchObject({ ok: true, result: { data: "late" } });
  });

  it("a failure of 20 MiB is not read to its end", async () => {
    const upstream = await upstreamThat((_, response) =>
      response.writeHead(500, { "Content-Type": "application/json" }).end(`"${"x".repeat(20 * 1_048_576)}"`),
    );
    const { invoke } = toolsBefore(upstream.url, { secret });
    expect(await invoke("n8n.trigger", trigger)).toMatchObject({
      error: { code: "upstream_error", details: { service: "backend", upstreamStatus: 500 } },
    });
    await expect.poll(() => upstream.abandoned()).toBe(1);
  });
});
