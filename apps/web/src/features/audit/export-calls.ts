import { SmarterosError } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import { redactCause } from "@smarteros/observability";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { consumeLimit } from "../../http/consume-limit.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf } from "../../http/respond.ts";
import { callFormats } from "./call-formats.ts";
import { auditFiltersOf, callFiltersOf } from "./filters.ts";

const rowsAtOnce = 500;

/**
 * `GET /api/audit/export?format=csv`: the calls that the filters of the page find, newest first, as a file. It is written
 * as it is read, some rows at a time, however many there are; where reading fails the file breaks off.
 */
export async function exportCalls(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  await consumeLimit(context, services.limits.exports, session.principal.userId);
  const params = new URL(context.request.url).searchParams;
  const name = params.get("format") ?? "ndjson";
  const format = Object.hasOwn(callFormats, name) ? callFormats[name] : undefined;
  if (!format) throw invalid("format", "Use ndjson or csv.");
  const wanted = callFiltersOf(auditFiltersOf(Object.fromEntries(params)), "UTC");
  if (!wanted.ok) throw invalid(wanted.name, "This filter makes no sense. Leave it out, or correct it.");

  const { calls: log } = services.forUser(session).ports;
  const { signal } = context.request;
  const read = (after?: PagePosition) => log.search(wanted.filters, { limit: rowsAtOnce, after }, signal);
  const seat = services.exports.enter(session.principal.userId);
  // Read before the response begins, so that a refusal gets its status.
  let next: ReturnType<typeof read> | undefined = Promise.resolve(await firstOf(read, seat));
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(encoder.encode(format.head)),
      async pull(controller) {
        try {
          const rows = await next;
          const last = rows?.at(-1);
          if (rows && last) controller.enqueue(encoder.encode(rows.map(format.line).join("")));
          if (!last) {
            seat.leave();
            return controller.close();
          }
          next = read({ createdAt: last.at, id: last.id });
          // It is awaited when the reader needs more; until then its rejection must count as handled.
          next.catch(() => undefined);
        } catch (cause) {
          seat.leave();
          services.logger.error("MCP_EXPORT_BROKEN", {
            requestId: context.requestId,
            cause: redactCause(cause),
          });
          controller.error(cause);
        }
      },
      cancel() {
        seat.leave();
        next = undefined;
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      ...headersOf(context),
      "Content-Type": format.contentType,
      "Content-Disposition": `attachment; filename="audit-${new Date().toISOString().slice(0, 10)}.${name}"`,
      "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff",
    },
  });
}

async function firstOf<Rows>(read: () => Promise<Rows>, seat: { leave(): void }): Promise<Rows> {
  try {
    return await read();
  } catch (refusal) {
    seat.leave();
    throw refusal;
  }
}

function invalid(path: string, message: string) {
  return new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
}
