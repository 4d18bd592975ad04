import { SmarterosError } from "@smarteros/core";
import { databaseError } from "@smarteros/supabase";
import type { Services } from "../../services.ts";
import type { Exchange } from "../mcp/answer.ts";
import { authenticate } from "../mcp/authenticate.ts";
import { readBytes } from "../read-bytes.ts";
import { changes, type Outcome } from "./changes.ts";

const largestForm = 32 * 1024;
const page = "/dashboard/alerts";

/**
 * `POST /api/alerts`: a form of the page, which it leads back to with what came of it. Works without JavaScript. What
 * was secret in a form never goes into the address.
 */
export async function changeAlerts(exchange: Exchange, services: Services): Promise<Response> {
  const { request, requestId } = exchange;
  const session = await authenticate(exchange, services);
  const { userId, capabilities } = session.principal;
  if (!capabilities.has("admin"))
    throw new SmarterosError("forbidden", 'Alerts are kept by who has the capability "admin".', {
      required: "admin",
    });
  if (!/^application\/x-www-form-urlencoded\b/i.test(request.headers.get("content-type") ?? ""))
    throw new SmarterosError("unsupported_media_type", "Send application/x-www-form-urlencoded.");
  const form = new URLSearchParams(Buffer.from(await readBytes(request, largestForm)).toString("utf8"));
  const action = form.get("action") ?? "";
  const change = Object.hasOwn(changes, action) ? changes[action as keyof typeof changes] : undefined;
  if (!change)
    throw new SmarterosError("invalid_input", `action: use one of ${Object.keys(changes).join(", ")}.`, {
      issues: [{ path: "action", message: "unknown" }],
    });

  const outcome = await change(form, {
    client: services.asUser(session),
    allowsInternal: services.settings.allowsInternalTargets,
  });
  if (outcome.error) throw databaseError(outcome.error, outcome.status);
  services.logger.info("ALERT_SETTINGS", { action, userId, requestId, problem: outcome.problem?.field });
  return new Response(null, {
    status: 303,
    headers: { Location: addressOf(action, outcome), "X-Request-ID": requestId, "Cache-Control": "no-store" },
  });
}

function addressOf(action: string, { problem, keep }: Outcome): string {
  const query = new URLSearchParams(problem ? keep : undefined);
  query.set(problem ? "problem" : "done", problem ? problem.reason : action);
  if (problem) query.set("field", problem.field);
  return `${page}?${query}`;
}
