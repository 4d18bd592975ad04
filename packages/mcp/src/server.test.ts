import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import {
  type AuditStore,
  createCatalog,
  createPipeline,
  createPrincipal,
  defineTool,
  type InvocationRecord,
  type Role,
  SmarterosError,
} from "@smarteros/core";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { createMcpServer, type McpServerOptions } from "./server.ts";

type Ports = { seen: AbortSignal[] };
const hints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false };

const echo = defineTool<Ports>()({
  name: "test.echo",
  description: "Echo.",
  requires: "read",
  annotations: hints,
  input: z.strictObject({ text: z.string() }),
  output: z.object({ text: z.string() }),
  handler: async ({ input }) => input,
});
const write = defineTool<Ports>()({
  ...echo,
  name: "test.write",
  requires: "write",
  annotations: { ...hints, readOnlyHint: false },
});
const hang = defineTool<Ports>()({
  ...echo,
  name: "test.hang",
  handler: ({ call, ports }) => {
    ports.seen.push(call.signal);
    return new Promise((_, reject) =>
      call.signal.addEventListener("abort", () => reject(call.signal.reason)),
    );
  },
});
const leak = defineTool<Ports>()({
  ...echo,
  name: "test.leak",
  handler: async () => {
    throw new Error("postgres://root:hunter2@db/1");
  },
});

async function connect(
  options: { role?: Role; session?: () => Promise<never> } & Partial<McpServerOptions<Ports>> = {},
) {
  const ports: Ports = { seen: [] };
  const records: InvocationRecord[] = [];
  const audit: AuditStore = { insert: async () => undefined, intend: async () => undefined };
  const pipeline = createPipeline<Ports>({
    enabled: true,
    catalog: createCatalog<Ports>([echo, write, hang, leak]),
    limiter: {
      consume: async () => ({ allowed: true, limit: 30, remaining: 29, resetMs: 1 }),
      peek: async () => ({ allowed: true, limit: 30, remaining: 30, resetMs: 1 }),
    },
    recorder: {
      record: async (record) => void records.push(record),
      limited: async () => undefined,
      intend: async () => undefined,
    },
    deadlineMs: 2_500,
  });
  const principal = createPrincipal("user_1", options.role ?? "operator");
  const { server } = createMcpServer<Ports>({
    version: "1.2.3",
    transport: "stdio",
    names: "alias",
    instructions: "Use the tools.",
    tools: async () => ({
      catalog: createCatalog<Ports>([echo, write, hang, leak]),
      pipeline,
      session: options.session ?? (async () => ({ principal, ports, audit })),
    }),
    ...options,
  });
  const client = new Client({ name: "test", version: "1" });
  const [near, far] = InMemoryTransport.createLinkedPair();
  await Promise.all([server.connect(far), client.connect(near)]);
  return { client, records, ports };
}

const text = (result: unknown) => (result as { content: { text: string }[] }).content[0]?.text ?? "";

it("reads arguments as models send them, and records them as they were sent too", async () => {
  const { client, records } = await connect();
  const sent = { text: 5, more: null };
  const refused = await client.callTool({ name: "test_echo", arguments: sent });
  expect(refused.isError).toBe(true);
  const { structuredContent } = await client.callTool({ name: "test_echo", arguments: { text: 5 } });
  expect(structuredContent).toEqual({ text: "5" });
  await client.callTool({ name: "test_echo", arguments: { text: "as it is" } });
  await expect
    .poll(() => records.map(({ args }) => args))
    .toEqual([
      { text: "5", more: null, _given: sent },
      { text: "5", _given: { text: 5 } },
      { text: "as it is" },
    ]);
});

describe("MCP server, called by the SDK's own client", () => {
  it("introduces itself, and lists what the principal may call under names that every client takes", async () => {
    const { client } = await connect({ role: "viewer" });
    expect(client.getServerVersion()).toMatchObject({ name: "smarteros-mcp", version: "1.2.3" });
    expect(client.getInstructions()).toBe("Use the tools.");
    const { tools } = await client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["test_echo", "test_hang", "test_leak"]);
    expect(tools[0]).toEqual({
      name: "test_echo",
      description: "Echo.",
      annotations: hints,
      inputSchema: expect.objectContaining({
        $schema: "https://json-schema.org/draft/2020-12/schema",
        additionalProperties: false,
      }),
    });
    expect((await client.listTools()).tools).toEqual(tools);
  });

  it.each(["test_echo", "test.echo"])(
    "returns %s as data and as compact text, recorded under its canonical name",
    async (name) => {
      const { client, records } = await connect();
      const result = await client.callTool({ name, arguments: { text: "hola" } });
      expect(result.structuredContent).toEqual({ text: "hola" });
      expect(text(result)).toBe('{"text":"hola"}');
      await expect.poll(() => records).toMatchObject([{ tool: "test.echo", transport: "stdio", code: "ok" }]);
    },
  );

  it("returns invalid arguments as a result that names the field", async () => {
    const { client } = await connect();
    const result = await client.callTool({ name: "test_echo", arguments: { txt: 1 } });
    expect(result.isError).toBe(true);
    expect(JSON.parse(text(result))).toMatchObject({
      error: "invalid_input",
      issues: [{ path: "text" }, { path: "txt" }],
    });
  });

  it("returns an unknown tool as an error of the protocol, with a hint in the client's spelling, and records it", async () => {
    const { client, records } = await connect();
    await expect(client.callTool({ name: "test_ecko" })).rejects.toMatchObject({
      code: -32602,
      data: { didYouMean: "test_echo" },
    });
    await expect.poll(() => records).toMatchObject([{ code: "tool_not_found", tool: "test_ecko" }]);
  });

  it("refuses at the call what it did not list", async () => {
    const { client } = await connect({ role: "viewer" });
    const result = await client.callTool({ name: "test_write", arguments: { text: "a" } });
    expect(JSON.parse(text(result))).toMatchObject({ error: "forbidden", required: "write" });
  });

  it("shows nothing of what was thrown", async () => {
    const { client } = await connect();
    const result = await client.callTool({ name: "test_leak", arguments: { text: "a" } });
    expect(JSON.stringify(result)).not.toContain("hunter2");
    expect(JSON.parse(text(result))).toMatchObject({ error: "internal", requestId: expect.any(String) });
  });

  it("carries a client's cancellation down to the work in flight, and records it", async () => {
    const { client, records, ports } = await connect();
    const cancel = new AbortController();
    const call = client.callTool({ name: "test_hang", arguments: { text: "a" } }, undefined, {
      signal: cancel.signal,
    });
    call.catch(() => undefined);
    await expect.poll(() => ports.seen.length).toBe(1);
    cancel.abort("changed my mind");
    await expect(call).rejects.toThrow();
    await expect.poll(() => records.map(({ code }) => code)).toEqual(["cancelled"]);
    expect(ports.seen[0]?.aborted).toBe(true);
  });

  it("sends progress of a running call to a client with a progress token", async () => {
    const { client } = await connect();
    const heard: number[] = [];
    const call = client.callTool({ name: "test_hang", arguments: { text: "a" } }, undefined, {
      onprogress: ({ progress }) => heard.push(progress),
    });
    expect(JSON.parse(text(await call))).toMatchObject({ error: "deadline_exceeded" });
    expect(heard).toEqual([1, 2]);
  });

  it("reports a missing credential with its own message, and no text of an unknown error", async () => {
    const expired = await connect({
      session: () => Promise.reject(new SmarterosError("unauthorized", "The session token has expired.")),
    });
    await expect(expired.client.listTools()).rejects.toThrow("has expired");
    const broken = await connect({ session: () => Promise.reject(new Error("key hunter2")) });
    await expect(broken.client.callTool({ name: "test_echo" })).rejects.not.toThrow("hunter2");
  });

  it("lists nothing and explains it where the tools are switched off", async () => {
    const { client } = await connect({
      tools: undefined,
      instructions: "Switched off: MCP_ENABLED is not true.",
    });
    expect((await client.listTools()).tools).toEqual([]);
    await expect(client.callTool({ name: "test_echo" })).rejects.toThrow("Switched off");
  });
});
