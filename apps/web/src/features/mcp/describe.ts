import type { Services } from "../../app-context.ts";
import { identify } from "../../http/authenticate.ts";
import { clientAddress } from "../../http/client-address.ts";
import { consumeLimit } from "../../http/consume-limit.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf, json } from "../../http/respond.ts";

const usage =
  'POST /api/mcp/tool with Content-Type: application/json, Authorization: Bearer <session token> and {"name": "tenants.list", "args": {}}';

/** Responds to `GET /api/mcp/tool` and `GET /api/mcp` with the tools that the caller may call. */
export async function describe(context: RequestContext, services: Services): Promise<Response> {
  const { settings, catalog, limiter, limits } = services;
  const session = await identify(context, services);
  const { userId } = session?.principal ?? {};
  if (userId) context.limit = await limiter.peek(userId);
  await (userId
    ? consumeLimit(context, limits.descriptions, userId)
    : consumeLimit(
        context,
        limits.anonymousDescriptions,
        clientAddress(context.request.headers, settings.trustedProxyHops),
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
      ...(context.limit ? { remaining: context.limit.remaining } : {}),
    },
  };
  return json(description, 200, headersOf(context));
}
