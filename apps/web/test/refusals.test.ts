import { describe, expect, inject, test } from "vitest";
import { outcome, post, send } from "./http-client.ts";
import { newUser, tokenOf } from "./tokens.ts";

const { local, disabled, misconfigured } = inject("web");
const kibibyte = 1024;
const body = (bytes: number) => `{"name":"tenants.list"${" ".repeat(bytes - 23)}}`;

describe("what is wrong with a call is told in the promised order", () => {
  // Each call has every fault from its own line downwards: the uppermost must be the answer.
  const wrongType = { "Content-Type": "text/plain" };
  const tooLong = "x".repeat(256 * kibibyte + 1);
  const faults = {
    method: () => send(local, "/api/mcp/tool", { method: "PUT", headers: wrongType, body: tooLong }),
    "master switch": () => post(disabled, undefined, tooLong, wrongType),
    credential: () => post(local, undefined, tooLong, wrongType),
    "media type": async () => post(local, await tokenOf(local), tooLong, wrongType),
    size: async () => post(local, await tokenOf(local), tooLong),
    JSON: async () => post(local, await tokenOf(local), "{nope"),
    name: async () => post(local, await tokenOf(local), { args: 1, stray: true }),
    "unknown key": async () => post(local, await tokenOf(local), { name: "no.such", stray: true }),
    tool: async () => post(local, await tokenOf(local, newUser(), "viewer"), { name: "no.such", args: 1 }),
    capability: async () =>
      post(local, await tokenOf(local, newUser(), "viewer"), { name: "tenants.create", args: 1 }),
    input: async () => post(local, await tokenOf(local), { name: "tenants.create", args: 1 }),
  };

  test.each([
    ["method", 405, "method_not_allowed"],
    ["master switch", 403, "mcp_disabled"],
    ["credential", 401, "unauthorized"],
    ["media type", 415, "unsupported_media_type"],
    ["size", 413, "payload_too_large"],
    ["JSON", 400, "invalid_json"],
    ["name", 400, "missing_name"],
    ["unknown key", 400, "invalid_input"],
    ["tool", 404, "tool_not_found"],
    ["capability", 403, "forbidden"],
    ["input", 400, "invalid_input"],
  ] as const)("%s", async (fault, status, code) => {
    expect(outcome(await faults[fault]())).toEqual([status, code]);
  });

  test("method comes before wrong settings, which come before everything else", async () => {
    expect(outcome(await send(misconfigured, "/api/mcp/tool", { method: "PUT" }))[0]).toBe(405);
    expect(outcome(await post(misconfigured, undefined, "{nope"))).toEqual([503, "unavailable"]);
  });
});

describe("every answer to a known principal says where it stands", () => {
  test.each([
    ["a wrong media type", (token: string) => post(local, token, "x", { "Content-Type": "text/html" })],
    ["a body that is too large", (token: string) => post(local, token, body(257 * kibibyte))],
    ["a body that is no JSON", (token: string) => post(local, token, "{")],
    ["a missing name", (token: string) => post(local, token, {})],
    ["a description", (token: string) => get("/api/mcp/tool", token)],
    ["the other description", (token: string) => get("/api/mcp", token)],
    ["the recent calls", (token: string) => get("/api/mcp/invocations/recent", token)],
    ["services of nobody's", (token: string) => get(`/api/services?tenant=${crypto.randomUUID()}`, token)],
    ["a stream of nothing", (token: string) => get("/api/services/stream", token)],
  ])("%s, which draws nothing", async (_what, ask) => {
    const { headers } = await ask(await tokenOf(local));
    expect(limitOf(headers)).toEqual(["30", "30"]);
    expect(headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each([
    ["a success", { name: "tenants.list" }],
    ["an unknown tool", { name: "no.such" }],
    ["a wrong argument", { name: "tenants.list", args: { limit: 0 } }],
    ["something that is not there", { name: "tenants.get", args: { id: crypto.randomUUID() } }],
  ])("%s, which draws one", async (_what, call) => {
    const { headers, body } = await post(local, await tokenOf(local), call);
    expect(limitOf(headers)).toEqual(["30", "29"]);
    const reset = Number(headers.get("ratelimit-reset"));
    expect(reset).toBeGreaterThan(0);
    expect(reset).toBeLessThanOrEqual(60);
    expect(headers.get("x-request-id")).toBe(body.meta.requestId);
  });

  test("nobody is told about limits without a principal", async () => {
    expect(limitOf((await post(local, undefined, {})).headers)).toEqual([null, null]);
  });

  const limitOf = (headers: Headers) => [headers.get("ratelimit-limit"), headers.get("ratelimit-remaining")];
  const get = (path: string, token: string) =>
    send(local, path, { headers: { Authorization: `Bearer ${token}` } });
});

describe("the body", () => {
  test("may be 256 KiB, and not one byte more", async () => {
    const token = await tokenOf(local);
    expect(outcome(await post(local, token, body(256 * kibibyte)))).toEqual([200, "ok"]);
    expect(outcome(await post(local, token, body(256 * kibibyte + 1)))).toEqual([413, "payload_too_large"]);
  });

  test("is cut off where it is too long and its length was not announced", async () => {
    let sent = 0;
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > 200) controller.close();
        else controller.enqueue(new Uint8Array(64 * kibibyte).fill(0x20));
      },
    });
    const answer = await send(local, "/api/mcp/tool", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${await tokenOf(local)}` },
      body: stream,
      duplex: "half",
    } as RequestInit);
    expect(outcome(answer)).toEqual([413, "payload_too_large"]);
  });

  test.each([
    ["application/json; charset=utf-8", 200],
    ["APPLICATION/JSON", 200],
    ["application/json-patch+json", 415],
    ["application/x-www-form-urlencoded", 415],
    ["multipart/form-data; boundary=application/json", 415],
    ["text/plain; application/json", 415],
    [" ", 415],
  ])("of the type %j is answered %i", async (type, status) => {
    const answer = await post(
      local,
      await tokenOf(local),
      { name: "tenants.list" },
      { "Content-Type": type },
    );
    expect(answer.status).toBe(status);
  });

  test.each([
    ["nothing", "", "invalid_json"],
    ["no object", "[]", "missing_name"],
    ["null", "null", "missing_name"],
    ["a string", '"tenants.list"', "missing_name"],
    ["an empty name", '{"name":""}', "missing_name"],
    ["a name that is no text", '{"name":["tenants.list"]}', "missing_name"],
    ["two documents", '{"name":"tenants.list"}{}', "invalid_json"],
    ["a comment", '{"name":"tenants.list"/**/}', "invalid_json"],
    ["NaN", '{"name":"tenants.list","args":NaN}', "invalid_json"],
    ["an unknown key beside the name", '{"name":"tenants.list","tool":"x"}', "invalid_input"],
    ["__proto__ beside the name", '{"name":"tenants.list","__proto__":{}}', "invalid_input"],
  ])("with %s is refused", async (_what, text, code) => {
    expect(outcome(await post(local, await tokenOf(local), text))).toEqual([400, code]);
  });

  test("that is not UTF-8 is no JSON", async () => {
    const answer = await send(local, "/api/mcp/tool", {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${await tokenOf(local)}` },
      body: Buffer.concat([Buffer.from('{"name":"'), Buffer.from([0xff, 0xfe]), Buffer.from('"}')]),
    });
    expect(outcome(answer)).toEqual([400, "invalid_json"]);
  });

  test("counts the last of two equal keys, as JSON.parse does", async () => {
    const twice = '{"name":"tenants.delete","name":"tenants.list","args":{"limit":0},"args":{"limit":1}}';
    expect(outcome(await post(local, await tokenOf(local), twice))).toEqual([200, "ok"]);
  });
});
