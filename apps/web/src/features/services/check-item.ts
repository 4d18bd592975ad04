import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { readForm } from "../../http/read-form.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf } from "../../http/respond.ts";
import { runFormAction } from "../../http/run-form-action.ts";

const largest = 1_024;

/**
 * Responds to `POST /api/services/checks`, the buttons of the checklists, which work without a script: redirects to the
 * service on the tenant's page. The pipeline and the database authorize the change.
 */
export async function checkItem(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  const { tenant, service, item, done } = Object.fromEntries(await readForm(context.request, largest));
  const change = { tenantId: tenant, service, item, done: done === "true" };
  const refusal = await runFormAction(context, services, session, { name: "services.check", args: change });
  if (refusal) throw refusal;
  const address = `/dashboard/tenants/${change.tenantId}#${change.service}`;
  return new Response(null, { status: 303, headers: { ...headersOf(context), Location: address } });
}
