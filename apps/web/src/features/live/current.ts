import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { type Exchange, headersOf, json } from "../../http/respond.ts";
import { draw } from "../../request-limits.ts";
import { readSnapshot } from "./read-provisioning.ts";
import { subjectOf } from "./subject.ts";

/** `GET /api/services?tenant=` or `?run=`: how they stand now, for who cannot keep a stream open. */
export async function currentServices(exchange: Exchange, services: Services): Promise<Response> {
  const session = await authenticate(exchange, services);
  await draw(exchange, services.limits.polling, session.principal.userId);
  const { url, signal } = exchange.request;
  const snapshot = await readSnapshot(services.asUser(session), subjectOf(url), signal);
  return json({ ok: true, ...snapshot }, 200, headersOf(exchange));
}
