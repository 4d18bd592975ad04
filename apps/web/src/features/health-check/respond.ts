import type { Services } from "../../app-context.ts";
import { identify } from "../../http/authenticate.ts";
import { clientAddress } from "../../http/client-address.ts";
import { json } from "../../http/respond.ts";

/**
 * Responds to `GET /api/health`. With `deep=1` and a session that has `admin`, adds the report of the doctor, whose
 * findings do not change the status.
 */
export async function healthResponse(request: Request, services: Services): Promise<Response> {
  const [health, deep] = await Promise.all([services.health(), deepReport(request, services)]);
  const body = deep ? { ...health, deep } : health;
  return json(body, health.ok ? 200 : 503);
}

async function deepReport(request: Request, services: Services) {
  if (new URL(request.url).searchParams.get("deep") !== "1") return undefined;
  const { headers } = request;
  // Tokens are verified at a limit of their own: anyone may send one here.
  const address = clientAddress(headers, services.settings.trustedProxyHops);
  if (!(await services.limits.deepHealth.consume(address)).allowed) return undefined;
  const session = await identify({ request, requestId: "", startedAt: 0 }, services).catch(() => undefined);
  if (!session?.principal.capabilities.has("admin")) return undefined;
  return services.deepHealth(session, siteOrigin(headers));
}

/** Returns the origin of the site by the browser's or proxy's headers; use it for comparison only. */
function siteOrigin(headers: Headers): string | undefined {
  const host = headers.get("x-forwarded-host")?.split(",")[0]?.trim() ?? headers.get("host");
  const scheme = headers.get("x-forwarded-proto")?.split(",")[0]?.trim();
  const url = host && scheme ? URL.parse(`${scheme}://${host}`) : null;
  return url?.protocol === "https:" ? url.origin : undefined;
}
