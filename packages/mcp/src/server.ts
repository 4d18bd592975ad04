import { setImmediate } from "node:timers/promises";
import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import type { RequestHandlerExtra } from "@modelcontextprotocol/sdk/shared/protocol.js";
import {
  type CallToolResult,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
  type Tool as McpTool,
  type ServerNotification,
  type ServerRequest,
} from "@modelcontextprotocol/sdk/types.js";
import type { AuditStore, Catalog, Outcome, Pipeline, Principal, Transport } from "@smarteros/core";
import { asOurs, SmarterosError, uuidv7, withinTrace } from "@smarteros/core";
import * as z from "zod";
import { listedSchema } from "./listed-schema.ts";
import { type NameStyle, type ToolNames, toolNames } from "./names.ts";
import { normalizeArguments } from "./normalize-arguments.ts";

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** The current caller, and the ports that the call uses as that user. */
export type McpSession<Ports> = { principal: Principal; ports: Ports; audit?: AuditStore | undefined };

/** The tools of a server. They are loaded at the first list or call, so that a client's start does not wait. */
export type McpTools<Ports> = {
  catalog: Catalog<Ports>;
  pipeline: Pipeline<Ports>;
  /** Rejects where there is no valid credential. */
  session(): Promise<McpSession<Ports>>;
};

export type McpServerOptions<Ports> = {
  version: string;
  transport: Transport;
  names: NameStyle;
  /** Absent where the tools are switched off; `instructions` then explain it. */
  tools?: (() => Promise<McpTools<Ports>>) | undefined;
  instructions: string;
};

/** The SDK's server, to be connected to a transport; `idle` resolves when no request is in flight. */
export type McpServer = { server: Server; idle(): Promise<void> };

const heartbeatMs = 1_000;

/**
 * Builds an MCP server for any transport of the SDK. Errors of a tool are results that a model can read (`isError`); only
 * an unknown tool and a missing credential are errors of the protocol. Texts of unknown errors never reach the client.
 */
export function createMcpServer<Ports>(options: McpServerOptions<Ports>): McpServer {
  const { version, instructions, transport } = options;
  const server = new Server(
    { name: "smarteros-mcp", title: "SmarterOS MCP", version },
    { capabilities: { tools: {} }, instructions },
  );
  const inFlight = new Set<Promise<unknown>>();
  let loading: Promise<McpTools<Ports> & { names: ToolNames }> | undefined;

  function load(tools: () => Promise<McpTools<Ports>>) {
    loading ??= tools().then((loaded) => ({
      ...loaded,
      names: toolNames(loaded.catalog.names(), options.names),
    }));
    return loading;
  }

  // Computed once for each tool, as the catalog's descriptions are.
  const listed = new WeakMap<object, object>();
  function schemaOf(inputSchema: object) {
    const known = listed.get(inputSchema) ?? listedSchema(inputSchema);
    listed.set(inputSchema, known);
    return known;
  }

  async function list() {
    if (!options.tools) return { tools: [] };
    const { catalog, session, names } = await protocolErrors(load(options.tools));
    const { principal } = await protocolErrors(session());
    const tools = catalog.describe(principal).map(({ requires: _requires, ...tool }) => ({
      ...tool,
      name: names.shown(tool.name),
      inputSchema: schemaOf(tool.inputSchema),
    }));
    return { tools: tools as McpTool[] };
  }

  async function call(given: unknown, extra: Extra): Promise<CallToolResult> {
    if (!options.tools) throw new McpError(ErrorCode.InvalidParams, instructions);
    const params = callParams(given);
    const { catalog, pipeline, session, names } = await protocolErrors(load(options.tools));
    const token = params._meta?.progressToken;
    const heartbeat =
      token === undefined
        ? undefined
        : startHeartbeat((seconds) =>
            extra.sendNotification({
              method: "notifications/progress",
              params: { progressToken: token, progress: seconds, message: `Running for ${seconds} s` },
            }),
          );
    try {
      const who = await protocolErrors(session());
      // The client's trace, for which this protocol has no other place.
      const name = names.canonical(params.name);
      const { arguments: given } = params;
      const args = given && normalizeArguments(catalog.inputSchema(name), given);
      const outcome = await withinTrace(params._meta?.traceparent, () =>
        pipeline.invoke({
          ...who,
          name,
          args,
          ...(args === given ? {} : { given }),
          transport,
          requestId: uuidv7(),
          signal: extra.signal,
        }),
      );
      return resultOf(outcome, names);
    } finally {
      clearInterval(heartbeat);
    }
  }

  function tracked<Result>(work: Promise<Result>): Promise<Result> {
    inFlight.add(work);
    const forget = () => inFlight.delete(work);
    work.then(forget, forget);
    return work;
  }

  server.setRequestHandler(ListToolsRequestSchema, () => tracked(list()));
  // Registered as a handler, tools/call would be parsed thrice and its result once more, at more than all else costs.
  server.fallbackRequestHandler = async ({ method, params }, extra) => {
    if (method !== "tools/call") throw new McpError(ErrorCode.MethodNotFound, "Method not found");
    return tracked(call(params, extra));
  };
  return {
    server,
    async idle() {
      while (inFlight.size > 0) await Promise.allSettled(inFlight);
      // The SDK sends a response in a later microtask than the one that made it.
      await setImmediate();
    },
  };
}

const callToolParams = z.object({
  name: z.string(),
  arguments: z.record(z.string(), z.unknown()).optional(),
  _meta: z
    .object({
      progressToken: z.union([z.string(), z.number()]).optional(),
      traceparent: z.string().optional().catch(undefined),
    })
    .optional(),
});

function callParams(given: unknown): z.output<typeof callToolParams> {
  const parsed = callToolParams.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new McpError(ErrorCode.InvalidParams, 'A call is {"name": "<tool>", "arguments": {…}}.');
}

/** Reports every second that a call still runs, so that a client with a progress token does not time out. */
function startHeartbeat(report: (seconds: number) => Promise<void>) {
  const started = performance.now();
  const timer = setInterval(() => {
    // The client may be gone; the call itself then ends by its signal.
    report(Math.round((performance.now() - started) / 1000)).catch(() => clearInterval(timer));
  }, heartbeatMs);
  return timer;
}

/** The same data for a client's program (`structuredContent`) and, compact, for its model: clients forward one or the other. */
function resultOf(outcome: Outcome, names: ToolNames): CallToolResult {
  if (outcome.ok) {
    return {
      content: [{ type: "text", text: JSON.stringify(outcome.result) }],
      structuredContent: outcome.result as Record<string, unknown>,
    };
  }
  const { code, message, details } = outcome.error;
  const { didYouMean, ...rest } = details;
  const hint = didYouMean === undefined ? {} : { didYouMean: names.shown(didYouMean) };
  const error = { error: code, message, ...rest, ...hint, requestId: outcome.meta.requestId };
  if (code === "tool_not_found") throw new McpError(ErrorCode.InvalidParams, message, error);
  return { content: [{ type: "text", text: JSON.stringify(error) }], isError: true };
}

/** Converts our own errors to errors of the protocol; the text of any other is replaced. */
async function protocolErrors<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (thrown) {
    const ours = SmarterosError.isInstance(thrown) ? thrown : asOurs(thrown, uuidv7()).error;
    throw new McpError(ErrorCode.InternalError, ours.message, { error: ours.code });
  }
}
