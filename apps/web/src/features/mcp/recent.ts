import { recentInvocations } from "@smarteros/observability/supabase";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { type Exchange, headersOf, json } from "../../http/respond.ts";
import { draw } from "../../request-limits.ts";

/** `GET /api/mcp/invocations/recent`: the caller's last 25 calls. */
export async function recent(exchange: Exchange, services: Services): Promise<Response> {
  const session = await authenticate(exchange, services);
  await draw(exchange, services.limits.polling, session.principal.userId);
  const items = await recentInvocations(services.asUser(session), session.principal.userId);
  return json({ ok: true, items }, 200, headersOf(exchange));
}
