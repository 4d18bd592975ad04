import { describe, expect, it, vi } from "vitest";
import * as z from "zod";
import { createCatalog } from "./catalog.ts";
import { SmarterosError } from "./errors.ts";
import { createPipeline, type PipelineOptions } from "./invoke.ts";
import type { AuditStore, InvocationRecord, Limiter, Recorder } from "./ports.ts";
import { createPrincipal, type Role } from "./principal.ts";
import { defineTool } from "./tool.ts";

const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };
type Ports = { calls: string[] };

const echo = defineTool<Ports>()({
  name: "test.echo",
  description: "Echo.",
  requires: "read",
  annotations: hints,
  input: z.strictObject({ text: z.string().max(5) }),
  output: z.object({ text: z.string() }),
  async handler({ input, ports }) {
    ports.calls.push("echo");
    return { ...input, leaked: "not in the output schema" };
  },
});
const destroy = defineTool<Ports>()({
  ...echo,
  name: "test.destroy",
  requires: "write",
  annotations: { ...hints, readOnlyHint: false, destructiveHint: true },
  input: z.strictObject({ id: z.string() }),
  output: z.object({}),
  tenantId: ({ input }) => input.id,
  async handler({ ports }) {
    ports.calls.push("destroy");
    return {};
  },
});
const broken = defineTool<Ports>()({
  name: "test.broken",
  description: "Break.",
  requires: "read",
  annotations: hints,
  output: z.object({ text: z.string() }),
  input: z.strictObject({ how: z.enum(["throw", "hang", "lie", "refuse"]) }),
  async handler({ input, call }) {
    if (input.how === "throw") throw new Error("password=hunter2 at postgres://root:hunter2@db/1");
    if (input.how === "refuse") throw new SmarterosError("conflict", "Taken.", { existingId: "1" });
    if (input.how === "lie") return { text: 1 } as never;
    await new Promise((_, reject) =>
      call.signal.addEventListener("abort", () => reject(new Error("aborted"))),
    );
    return { text: "" };
  },
});

const open: Limiter = {
  consume: async () => ({ allowed: true, limit: 30, remaining: 29, resetMs: 60_000 }),
  peek: async () => ({ allowed: true, limit: 30, remaining: 30, resetMs: 60_000 }),
};

type Options = Partial<Omit<PipelineOptions<Ports>, "recorder">> & {
  role?: Role;
  recorder?: Partial<Recorder>;
};

function bench(options: Options = {}) {
  const records: InvocationRecord[] = [];
  const intents: string[] = [];
  const calls: string[] = [];
  const deferred: Promise<void>[] = [];
  const audit: AuditStore = { insert: async () => undefined, intend: async () => undefined };
  const recorder: Recorder = {
    record: async (record) => void records.push(record),
    limited: async (call) => void intents.push(`limited ${call.tool}`),
    intend: async (intent) => void intents.push(intent.id),
    ...options.recorder,
  };
  const pipeline = createPipeline<Ports>({
    enabled: true,
    catalog: createCatalog<Ports>([echo, destroy, broken]),
    limiter: open,
    deadlineMs: 200,
    defer: (work) => void deferred.push(work()),
    ...options,
    recorder,
  });
  const invoke = (name: string, args?: unknown, signal?: AbortSignal) =>
    pipeline.invoke({
      name,
      args,
      principal: createPrincipal("user_1", options.role ?? "operator"),
      ports: { calls },
      audit,
      transport: "http",
      requestId: "request-1",
      signal,
    });
  return { invoke, records, intents, calls, deferred };
}

describe("invoke", () => {
  it("returns the output that the schema allows and records it once", async () => {
    const { invoke, records, deferred } = bench();
    const outcome = await invoke("test.echo", { text: "hola" });
    expect(outcome).toMatchObject({ ok: true, result: { text: "hola" }, meta: { requestId: "request-1" } });
    expect(outcome.ok && outcome.result).not.toHaveProperty("leaked");
    expect(records).toMatchObject([
      { tool: "test.echo", code: "ok", success: true, calls: 1, args: { text: "hola" } },
    ]);
    expect(deferred).toHaveLength(1);
  });

  it.each([
    ["an unknown tool", "test.ecko", { text: "a" }, "tool_not_found", { didYouMean: "test.echo" }],
    ["an unknown key", "test.echo", { text: "a", txt: 1 }, "invalid_input", { issues: [{ path: "txt" }] }],
    ["a wrong type", "test.echo", { text: 7 }, "invalid_input", { issues: [{ path: "text" }] }],
    ["arguments that are a list", "test.echo", [], "invalid_input", {}],
    ["a refusal of the handler", "test.broken", { how: "refuse" }, "conflict", { existingId: "1" }],
    ["a thrown error", "test.broken", { how: "throw" }, "internal", {}],
    ["an output that breaks its schema", "test.broken", { how: "lie" }, "internal", {}],
    ["a handler that hangs", "test.broken", { how: "hang" }, "deadline_exceeded", {}],
  ])("returns %s with its code, and records it once", async (_, name, args, code, details) => {
    const { invoke, records } = bench();
    const outcome = await invoke(name, args);
    expect(outcome).toMatchObject({ ok: false, error: { code, details } });
    expect(records).toMatchObject([{ code, success: false }]);
  });

  it("takes the name that MCP clients list, and records the canonical one", async () => {
    const { invoke, records } = bench();
    expect(await invoke("test_echo", { text: "a" })).toMatchObject({ ok: true });
    await vi.waitFor(() => expect(records).toMatchObject([{ tool: "test.echo", success: true }]));
  });

  it("shows nothing of an unknown error, and logs it", async () => {
    const { invoke, records } = bench();
    const outcome = await invoke("test.broken", { how: "throw" });
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
    expect(JSON.stringify(records[0]?.result)).not.toContain("hunter2");
    expect(records[0]?.cause).toBeInstanceOf(Error);
  });

  it("allows a principal what its role grants and nothing more", async () => {
    const codes = async (role: Role) => {
      const outcome = await bench({ role }).invoke("test.destroy", { id: "t" });
      return outcome.ok ? "ok" : [outcome.error.code, outcome.error.details.required];
    };
    expect(await codes("viewer")).toEqual(["forbidden", "write"]);
    expect(await codes("auditor")).toEqual(["forbidden", "write"]);
    expect(await codes("operator")).toBe("ok");
    expect(await codes("admin")).toBe("ok");
  });

  it("suggests no tool that the principal may not call", async () => {
    const outcome = await bench({ role: "viewer" }).invoke("test.destroi");
    expect(outcome).toMatchObject({ ok: false, error: { code: "tool_not_found" } });
    expect(outcome.ok === false && outcome.error.details.didYouMean).toBeUndefined();
  });

  it("refuses in the promised order: switch, limit, tool, capability, input", async () => {
    const closed: Limiter = {
      ...open,
      consume: async () => ({ allowed: false, limit: 30, remaining: 0, resetMs: 4_000 }),
    };
    const code = async (options: Parameters<typeof bench>[0], name: string) => {
      const outcome = await bench({ role: "viewer", ...options }).invoke(name, { nonsense: 1 });
      return outcome.ok ? "ok" : outcome.error.code;
    };
    expect(await code({ enabled: false, limiter: closed }, "no.tool")).toBe("mcp_disabled");
    expect(await code({ limiter: closed }, "no.tool")).toBe("rate_limited");
    expect(await code({}, "no.tool")).toBe("tool_not_found");
    expect(await code({}, "test.destroy")).toBe("forbidden");
    expect(await code({}, "test.echo")).toBe("invalid_input");
  });

  it("hands limited calls over to be counted, not recorded one by one", async () => {
    const closed: Limiter = {
      ...open,
      consume: async () => ({ allowed: false, limit: 30, remaining: 0, resetMs: 4_000 }),
    };
    const { invoke, records, intents } = bench({ limiter: closed });
    const outcome = await invoke("test.echo", { text: "a" });
    expect(outcome).toMatchObject({
      ok: false,
      error: { details: { retryAfterMs: 4_000 } },
      meta: { limit: { limit: 30 } },
    });
    expect([records, intents]).toEqual([[], ["limited test.echo"]]);
  });

  it("writes a destructive tool's intent first, under the id of its record", async () => {
    const { invoke, records, intents, deferred } = bench();
    await invoke("test.destroy", { id: "tenant-1" });
    expect(intents).toEqual([records[0]?.id]);
    expect(records[0]).toMatchObject({ tenantId: "tenant-1" });
    expect(deferred, "a mutation waits for its row").toHaveLength(0);
  });

  it("writes a read to the disk buffer before it returns, and does not wait for its row", async () => {
    const appended: InvocationRecord[] = [];
    const never = Promise.withResolvers<void>();
    const { invoke, records, deferred } = bench({
      recorder: {
        append(record) {
          appended.push(record);
          return never.promise;
        },
      },
    });
    expect(await invoke("test.echo", { text: "hola" })).toMatchObject({ ok: true });
    expect(appended).toMatchObject([{ tool: "test.echo", code: "ok" }]);
    expect(records).toEqual([]);
    expect(deferred).toHaveLength(1);
  });

  it("does not run a destructive tool whose intent cannot be written", async () => {
    const { invoke, records, calls } = bench({
      recorder: { intend: async () => Promise.reject(new Error("down")) },
    });
    expect(await invoke("test.destroy", { id: "t" })).toMatchObject({
      ok: false,
      error: { code: "unavailable" },
    });
    expect(calls).toEqual([]);
    expect(records).toMatchObject([{ code: "unavailable" }]);
  });

  it("cancels at once when the caller goes away, and before the handler when it has gone already", async () => {
    const caller = new AbortController();
    const { invoke, records, calls } = bench({ deadlineMs: 60_000 });
    const running = invoke("test.broken", { how: "hang" }, caller.signal);
    setTimeout(() => caller.abort(), 20);
    expect(await running).toMatchObject({ ok: false, error: { code: "cancelled" } });
    expect(await invoke("test.echo", { text: "a" }, caller.signal)).toMatchObject({
      error: { code: "cancelled" },
    });
    expect(calls).toEqual([]);
    expect(records).toMatchObject([{ code: "cancelled" }, { code: "cancelled" }]);
  });
});
