import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { consumeLimit } from "../../http/consume-limit.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf, json } from "../../http/respond.ts";
import { subjectOf } from "./subject.ts";

/**
 * Responds to `GET /api/services?tenant=` or `?run=` with the current state, for clients that cannot hold a stream open.
 */
export async function currentServices(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  await consumeLimit(context, services.limits.polling, session.principal.userId);
  const { url, signal } = context.request;
  const { provisioning } = services.forUser(session).pagePorts;
  const snapshot = await provisioning.snapshot(subjectOf(url), signal);
  return json({ ok: true, ...snapshot }, 200, headersOf(context));
}
