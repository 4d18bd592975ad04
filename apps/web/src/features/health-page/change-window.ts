import { SmarterosError } from "@smarteros/core";
import * as z from "zod";
import type { Services } from "../../services.ts";
import { momentOf } from "../audit/wall-clock.ts";
import { type Exchange, headersOf } from "../mcp/answer.ts";
import { authenticate } from "../mcp/authenticate.ts";
import { readBytes } from "../read-bytes.ts";
import { addressOf, rangeOf } from "./range.ts";

const largest = 8_192;

const zone = z.string().refine((name) => {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
});
const wanted = z.discriminatedUnion("action", [
  z
    .object({
      action: z.literal("create"),
      service: z.string().max(100).optional(),
      from: z.string(),
      to: z.string(),
      reason: z.string().trim().min(1).max(500),
      zone: zone.default("UTC"),
    })
    .transform(({ from, to, zone, ...window }) => ({
      ...window,
      from: momentOf(from, zone),
      to: momentOf(to, zone),
    }))
    .pipe(
      z.object({
        action: z.literal("create"),
        service: z.string().optional(),
        from: z.iso.datetime({ offset: true }),
        to: z.iso.datetime({ offset: true }),
        reason: z.string(),
      }),
    ),
  z.object({ action: z.literal("end"), id: z.uuid() }),
]);

/**
 * `POST /api/health/windows`: the forms of the page, which work without a script: they are led back to it, and told there
 * which field makes no sense. Whoever may not is refused as at any door, and by the database again.
 */
export async function changeWindow(exchange: Exchange, services: Services): Promise<Response> {
  const { request } = exchange;
  const session = await authenticate(exchange, services);
  const { principal } = session;
  if (!principal.capabilities.has("admin")) {
    const message = 'Maintenance windows need the capability "admin". Ask an administrator.';
    throw new SmarterosError("forbidden", message, { required: "admin" });
  }
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? ""))
    throw new SmarterosError("unsupported_media_type", "Send application/x-www-form-urlencoded.");
  const form = Object.fromEntries(
    new URLSearchParams(Buffer.from(await readBytes(request, largest)).toString()),
  );
  const back = (problem?: string) => {
    const address = addressOf(rangeOf(form));
    const query = problem && `${address.includes("?") ? "&" : "?"}problem=${encodeURIComponent(problem)}`;
    return new Response(null, {
      status: 303,
      headers: { ...headersOf(exchange), Location: address + (query ?? "") },
    });
  };
  const given = Object.fromEntries(Object.entries(form).filter(([, value]) => value !== ""));
  const parsed = wanted.safeParse(given);
  if (!parsed.success) return back(String(parsed.error.issues[0]?.path[0] ?? "action"));

  const { health } = services.ports(session);
  try {
    if (parsed.data.action === "end") {
      await health.endWindow(parsed.data.id, request.signal);
      services.logger.info("MAINTENANCE_ENDED", { user: principal.userId, id: parsed.data.id });
    } else {
      const id = await health.createWindow(parsed.data, request.signal);
      services.logger.info("MAINTENANCE_CREATED", { user: principal.userId, id });
    }
    return back();
  } catch (thrown) {
    if (!SmarterosError.isInstance(thrown) || thrown.code !== "invalid_input") throw thrown;
    return back(thrown.details.issues?.[0]?.path);
  }
}
