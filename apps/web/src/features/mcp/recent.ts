import { recentInvocations } from "@smarteros/observability/supabase";
import { draw } from "../../http/limits.ts";
import type { Services } from "../../services.ts";
import { type Exchange, headersOf, json } from "./answer.ts";
import { authenticate } from "./authenticate.ts";

/** `GET /api/mcp/invocations/recent`: the caller's last 25 calls. */
export async function recent(exchange: Exchange, services: Services): Promise<Response> {
  const session = await authenticate(exchange, services);
  await draw(exchange, services.limits.polling, session.principal.userId);
  const items = await recentInvocations(services.asUser(session), session.principal.userId);
  return json({ ok: true, items }, 200, headersOf(exchange));
}
