import type { Services } from "../../services.ts";
import { type Exchange, json } from "./answer.ts";
import { identify } from "./authenticate.ts";

const usage =
  'POST /api/mcp/tool with Content-Type: application/json, Authorization: Bearer <session token> and {"name": "tenants.list", "args": {}}';

/** `GET /api/mcp/tool` and `GET /api/mcp`: what there is to call, for whoever asks. */
export async function describe(exchange: Exchange, services: Services): Promise<Response> {
  const { settings, catalog, limiter } = services;
  const session = await identify(exchange, services);
  const limit = session && (await limiter.peek(session.principal.userId));
  return json({
    ok: true,
    enabled: settings.enabled,
    authenticated: session !== undefined,
    usage,
    availableTools: session && settings.enabled ? catalog.describe(session.principal) : [],
    rateLimit: {
      limit: settings.callsPerMinute,
      windowSeconds: 60,
      ...(limit ? { remaining: limit.remaining } : {}),
    },
  });
}
