import { context, metrics, type Span, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import type { Catalog } from "./catalog.ts";
import { withDeadline } from "./deadline.ts";
import { type ErrorCode, SmarterosError } from "./errors.ts";
import { uuidv7 } from "./id.ts";
import { parseInput } from "./input.ts";
import type { AuditStore, InvocationRecord, Limiter, LimitState, Recorder, Transport } from "./ports.ts";
import type { Principal } from "./principal.ts";
import { asOurs, callerGone, deadlineExceeded, mcpDisabled, rateLimited, toolNotFound } from "./refusals.ts";
import type { Tool } from "./tool.ts";

/** A call of a tool by a principal, as every transport passes it on. */
export type Invocation<Ports> = {
  name: string;
  args?: unknown;
  /** The arguments as the caller sent them, where its adapter read them otherwise; for the record alone. */
  given?: unknown;
  principal: Principal;
  ports: Ports;
  /** The store of the record; absent where invocations are not stored. */
  audit?: AuditStore | undefined;
  transport: Transport;
  requestId: string;
  /** Aborts when the caller goes away. */
  signal?: AbortSignal | undefined;
};

type Meta = { durationMs: number; requestId: string; limit?: LimitState | undefined };
export type Outcome =
  | { ok: true; result: unknown; meta: Meta }
  | { ok: false; error: SmarterosError; meta: Meta };

export type PipelineOptions<Ports> = {
  /** The master switch. */
  enabled: boolean;
  catalog: Catalog<Ports>;
  limiter: Limiter;
  recorder: Recorder;
  /** Milliseconds that a handler may take; 30 000 by default. */
  deadlineMs?: number;
  /** Starts work after the response was sent and sees it through; by default in the next turn of the event loop. */
  defer?: (work: () => Promise<void>) => void;
};

export type Pipeline<Ports> = {
  /** Runs one invocation by all rules and never rejects: what goes wrong is the outcome. */
  invoke(invocation: Invocation<Ports>): Promise<Outcome>;
};

/** The state of an invocation so far, from which its record is made, however it ends. */
type Progress = {
  tool?: Tool<unknown>;
  input?: unknown;
  output?: unknown;
  limited?: LimitState;
  ran: boolean;
};

/** Builds the pipeline that every call passes: authorize, parse, act, return, and record the outcome. */
export function createPipeline<Ports>(options: PipelineOptions<Ports>): Pipeline<Ports> {
  const { catalog, limiter, recorder, deadlineMs = 30_000, defer = setImmediate } = options;
  const tracer = trace.getTracer("@smarteros/core");
  const duration = metrics.getMeter("@smarteros/core").createHistogram("mcp.server.operation.duration", {
    unit: "s",
    advice: { explicitBucketBoundaries: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300] },
  });

  async function run(invocation: Invocation<Ports>, id: string, progress: Progress): Promise<unknown> {
    const { principal } = invocation;
    if (!options.enabled) throw mcpDisabled();

    const limit = await limiter.consume(principal.userId);
    progress.limited = limit;
    if (!limit.allowed) throw rateLimited(limit);

    const tool = catalog.find(invocation.name);
    if (!tool) throw toolNotFound(invocation.name, catalog.suggest(invocation.name, principal));
    progress.tool = tool as Tool<unknown>;

    if (!principal.capabilities.has(tool.requires)) {
      throw new SmarterosError(
        "forbidden",
        `${tool.name} needs the capability "${tool.requires}", which the role "${principal.role}" does not grant. Ask an administrator.`,
        { required: tool.requires },
      );
    }

    const listed = () => catalog.inputSchema(tool.name) ?? {};
    const input = parseInput(tool.input, invocation.args === undefined ? {} : invocation.args, listed);
    progress.input = input;
    if (tool.annotations.destructiveHint) await intend(invocation, tool, id, input);

    progress.ran = true;
    const deadline = {
      milliseconds: deadlineMs,
      expired: () => deadlineExceeded(deadlineMs),
      caller: invocation.signal,
      cancelled: callerGone,
    };
    const raw = await withDeadline(deadline, (signal) =>
      tool.handler({
        input,
        ports: invocation.ports,
        call: { principal, requestId: invocation.requestId, invocationId: id, signal },
      }),
    );
    progress.output = tool.output.parse(raw);
    return progress.output;
  }

  async function intend(invocation: Invocation<Ports>, tool: Tool<Ports>, id: string, input: unknown) {
    const { principal, requestId, audit } = invocation;
    const intent = {
      id,
      userId: principal.userId,
      tool: tool.name,
      tenantId: tool.tenantId?.({ input }),
      args: input,
      requestId,
      createdAt: new Date(),
    };
    try {
      await recorder.intend(intent, audit);
    } catch (cause) {
      throw new SmarterosError(
        "unavailable",
        `${tool.name} did not run: its intent could not be written to the audit log. Nothing was changed; try again.`,
        {},
        { cause },
      );
    }
  }

  async function observed(invocation: Invocation<Ports>, span: Span): Promise<Outcome> {
    const id = uuidv7();
    const createdAt = new Date();
    const started = performance.now();
    const progress: Progress = { ran: false };
    const ending = await run(invocation, id, progress).then(
      (result) => ({ result, error: undefined, cause: undefined }),
      (thrown: unknown) => ({ result: undefined, ...asOurs(thrown, invocation.requestId) }),
    );
    const elapsed = performance.now() - started;
    const code: ErrorCode | "ok" = ending.error?.code ?? "ok";
    const record: InvocationRecord = {
      id,
      userId: invocation.principal.userId,
      tool: catalog.find(invocation.name)?.name ?? invocation.name,
      args: recordedArgs(invocation),
      result: ending.error ? { error: code, message: ending.error.message } : ending.result,
      durationMs: Math.round(elapsed),
      success: !ending.error,
      code,
      transport: invocation.transport,
      tenantId:
        progress.input === undefined
          ? undefined
          : progress.tool?.tenantId?.({ input: progress.input, output: progress.output }),
      requestId: invocation.requestId,
      traceId: traceIdOf(span),
      calls: 1,
      createdAt,
      cause: ending.cause,
    };
    measure(span, progress.tool?.name, code, elapsed);
    await store(invocation, record, progress);
    const meta: Meta = {
      durationMs: record.durationMs,
      requestId: invocation.requestId,
      limit: progress.limited,
    };
    return ending.error
      ? { ok: false, error: ending.error, meta }
      : { ok: true, result: ending.result, meta };
  }

  /** Only a tool that may have changed something makes its caller wait for the row. */
  async function store(invocation: Invocation<Ports>, record: InvocationRecord, progress: Progress) {
    if (record.code === "rate_limited" && progress.limited) {
      const limited = { ...record, windowEndsInMs: progress.limited.resetMs };
      defer(() => recorder.limited(limited, invocation.audit));
      return;
    }
    const auditStore = record.code === "mcp_disabled" ? undefined : invocation.audit;
    if (progress.ran && !progress.tool?.annotations.readOnlyHint) await recorder.record(record, auditStore);
    else {
      const stored = recorder.append?.(record, auditStore);
      defer(() => stored ?? recorder.record(record, auditStore, "soon"));
    }
  }

  function measure(span: Span, tool: string | undefined, code: ErrorCode | "ok", elapsedMs: number) {
    // An unknown tool's name is the caller's text: it would give the metric as many series as a caller likes.
    const attributes = {
      "mcp.method.name": "tools/call",
      "gen_ai.operation.name": "execute_tool",
      ...(tool ? { "gen_ai.tool.name": tool } : {}),
      ...(code === "ok" ? {} : { "error.type": "tool_error", "smarteros.error.code": code }),
    };
    duration.record(elapsedMs / 1000, attributes);
    span.setAttributes(attributes);
    if (tool) span.updateName(`tools/call ${tool}`);
    if (code !== "ok") span.setStatus({ code: SpanStatusCode.ERROR, message: code });
    span.end();
  }

  return {
    invoke(invocation) {
      const span = tracer.startSpan("tools/call", { kind: SpanKind.SERVER });
      // Without a recording span there is no context to propagate, and propagating it is what costs.
      if (!span.isRecording()) return observed(invocation, span);
      return context.with(trace.setSpan(context.active(), span), () => observed(invocation, span));
    },
  };
}

/** The arguments as they were read and, under `_given`, as they were sent where they differ. */
function recordedArgs({ args = {}, given }: Pick<Invocation<unknown>, "args" | "given">): unknown {
  return given === undefined ? args : { ...(args as object), _given: given };
}

function traceIdOf(span: Span): string | undefined {
  const { traceId } = span.spanContext();
  return /^0*$/.test(traceId) ? undefined : traceId;
}
