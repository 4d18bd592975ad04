import { SmarterosError } from "@smarteros/core";
import { zonedTimeToIso } from "@smarteros/ui/zoned-time.ts";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { readForm } from "../../http/read-form.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf } from "../../http/respond.ts";
import { runFormAction } from "../../http/run-form-action.ts";
import { addressOf, rangeOf } from "./range.ts";

const largest = 8_192;

/**
 * Responds to `POST /api/health/windows`, the forms of the page, which work without a script: redirects to the page,
 * with the name of an invalid field. The pipeline and the database authorize the change.
 */
export async function changeWindow(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  const form = Object.fromEntries(await readForm(context.request, largest));
  const refusal = await runFormAction(context, services, session, changeOf(form));
  // What is not there to end has ended.
  const problem = refusal?.code === "not_found" ? undefined : refusal?.details.issues?.[0]?.path;
  const address = addressOf(rangeOf(form));
  const query = problem && `${address.includes("?") ? "&" : "?"}problem=${encodeURIComponent(problem)}`;
  return new Response(null, {
    status: 303,
    headers: { ...headersOf(context), Location: address + (query ?? "") },
  });
}

function changeOf({ action, id, service, from = "", to = "", reason = "", zone }: Record<string, string>) {
  if (action === "end") return { name: "health.endMaintenance", args: { id } };
  if (action !== "create")
    throw new SmarterosError("invalid_input", "action: use create or end.", {
      issues: [{ path: "action", message: "use create or end" }],
    });
  // In a zone that is none, a moment stays as it was written, and is refused.
  const read = (text: string) => (zone && !isTimeZone(zone) ? text : zonedTimeToIso(text, zone || "UTC"));
  return {
    name: "health.announceMaintenance",
    args: {
      ...(service ? { service } : {}),
      from: read(from),
      to: read(to),
      reason,
    },
  };
}

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: name }));
  } catch {
    return false;
  }
}
