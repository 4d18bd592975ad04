import { afterEach, expect, test, vi } from "vitest";
import { callTool } from "./call-tool.ts";

afterEach(() => vi.unstubAllGlobals());

/** What a call makes of an answer from the network. */
function callAnswered(body: string, status = 200) {
  vi.stubGlobal("fetch", async () => new Response(body, { status }));
  return callTool(async () => ({}), { name: "tenants.list", args: {} });
}

test("an answer that is not ours is none, whatever it holds", async () => {
  const foreign = [
    "<h1>502</h1>",
    "null",
    "[]",
    '{"error":{"code":502}}',
    '{"ok":false,"error":{"code":502}}',
    '{"ok":"yes"}',
  ];
  for (const body of foreign)
    expect(await callAnswered(body, 502)).toEqual({
      ok: false,
      code: "unreachable",
      message: "",
      issues: [],
    });
});

test("a refusal keeps what it carries, and nothing else", async () => {
  const body = JSON.stringify({
    ok: false,
    error: "conflict",
    message: "There is one already.",
    existingId: "1",
    code: "ok",
    issues: "none",
    meta: { requestId: "r", durationMs: 3 },
  });
  expect(await callAnswered(body, 409)).toEqual({
    ok: false,
    code: "conflict",
    message: "There is one already.",
    issues: [],
    existingId: "1",
    durationMs: 3,
    requestId: "r",
  });
});
