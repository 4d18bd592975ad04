import { SmarterosError } from "@smarteros/core";
import type { PagePosition } from "@smarteros/core/cursor";
import { redactCause } from "@smarteros/observability";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { type Exchange, headersOf } from "../../http/respond.ts";
import { draw } from "../../request-limits.ts";
import { callFormats } from "./call-formats.ts";
import { auditFiltersOf, callFiltersOf } from "./filters.ts";

const rowsAtOnce = 500;

/**
 * `GET /api/audit/export?format=csv`: the calls that the filters of the page find, newest first, as a file. It is written
 * as it is read, some rows at a time, however many there are; where reading fails the file breaks off.
 */
export async function exportCalls(exchange: Exchange, services: Services): Promise<Response> {
  const session = await authenticate(exchange, services);
  await draw(exchange, services.limits.exports, session.principal.userId);
  const params = new URL(exchange.request.url).searchParams;
  const name = params.get("format") ?? "ndjson";
  const format = Object.hasOwn(callFormats, name) ? callFormats[name] : undefined;
  if (!format) throw invalid("format", "Use ndjson or csv.");
  const wanted = callFiltersOf(auditFiltersOf(Object.fromEntries(params)), "UTC");
  if (!wanted.ok) throw invalid(wanted.name, "This filter makes no sense. Leave it out, or correct it.");

  const { calls: log } = services.ports(session);
  const { signal } = exchange.request;
  const read = (after?: PagePosition) => log.search(wanted.filters, { limit: rowsAtOnce, after }, signal);
  const seat = services.exports.enter(session.principal.userId);
  // Before the answer begins, so that a refusal is told as one.
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
          // It is awaited when the reader asks for more; until then a failure is nobody's.
          next.catch(() => undefined);
        } catch (cause) {
          seat.leave();
          services.logger.error("MCP_EXPORT_BROKEN", {
            requestId: exchange.requestId,
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
      ...headersOf(exchange),
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
