import type { Services } from "../../app-context.ts";
import { identify } from "../../http/authenticate.ts";
import { clientAddress } from "../../http/client-address.ts";
import { type Exchange, headersOf, json } from "../../http/respond.ts";
import { draw } from "../../request-limits.ts";

const usage =
  'POST /api/mcp/tool with Content-Type: application/json, Authorization: Bearer <session token> and {"name": "tenants.list", "args": {}}';

/** `GET /api/mcp/tool` and `GET /api/mcp`: what there is to call, for whoever asks. */
export async function describe(exchange: Exchange, services: Services): Promise<Response> {
  const { settings, catalog, limiter, limits } = services;
  const session = await identify(exchange, services);
  const { userId } = session?.principal ?? {};
  if (userId) exchange.limit = await limiter.peek(userId);
  await (userId
    ? draw(exchange, limits.descriptions, userId)
    : draw(
        exchange,
        limits.anonymousDescriptions,
        clientAddress(exchange.request.headers, settings.trustedProxyHops),
      ));
  const description = {
    ok: true,
    enabled: settings.enabled,
    authenticated: session !== undefined,
    usage,
    availableTools: session && settings.enabled ? catalog.describe(session.principal) : [],
    rateLimit: {
      limit: settings.callsPerMinute,
      windowSeconds: 60,
      ...(exchange.limit ? { remaining: exchange.limit.remaining } : {}),
    },
  };
  return json(description, 200, headersOf(exchange));
}
