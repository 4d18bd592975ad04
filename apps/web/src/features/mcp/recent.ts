import { recentInvocations } from "@smarteros/observability";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { consumeLimit } from "../../http/consume-limit.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf, json } from "../../http/respond.ts";

/** `GET /api/mcp/invocations/recent`: the caller's last 25 calls. */
export async function recent(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  await consumeLimit(context, services.limits.polling, session.principal.userId);
  const { calls } = services.forUser(session).ports;
  const items = await recentInvocations(calls, session.principal.userId);
  return json({ ok: true, items }, 200, headersOf(context));
}
