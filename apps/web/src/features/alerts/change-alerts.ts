import { definitionOf, ruleFieldNames } from "@smarteros/alerts";
import { channels } from "@smarteros/alerts/channels";
import { SmarterosError } from "@smarteros/core";
import type { Services } from "../../app-context.ts";
import { authenticate } from "../../http/authenticate.ts";
import { readForm } from "../../http/read-form.ts";
import type { RequestContext } from "../../http/request-context.ts";
import { headersOf } from "../../http/respond.ts";
import { runFormAction } from "../../http/run-form-action.ts";

const maxFormBytes = 32 * 1024;
const page = "/dashboard/alerts";

type Form = URLSearchParams;
const idOf = (form: Form) => ({ id: form.get("id") ?? "" });

/** The tool call of each form, by the `action` that it sends. */
const changes = {
  "save-rule": (form: Form) => ({ name: "alerts.saveRule", args: definitionOf(form) }),
  "delete-rule": (form: Form) => ({ name: "alerts.deleteRule", args: idOf(form) }),
  "mute-rule": (form: Form) => ({
    name: "alerts.muteRule",
    args: { ...idOf(form), for: form.get("for") ?? "" },
  }),
  "add-target": (form: Form) => {
    const { action: _action, name, ...secret } = Object.fromEntries(form);
    return { name: "alerts.addTarget", args: { name, secret } };
  },
  "remove-target": (form: Form) => ({ name: "alerts.removeTarget", args: idOf(form) }),
  "test-target": (form: Form) => ({ name: "alerts.testTarget", args: idOf(form) }),
};

/**
 * Responds to `POST /api/alerts`, the forms of the page, which work without JavaScript: redirects to the page with the
 * outcome. Secrets of a form never reach the address.
 */
export async function changeAlerts(context: RequestContext, services: Services): Promise<Response> {
  const session = await authenticate(context, services);
  const form = await readForm(context.request, maxFormBytes);
  const action = form.get("action") ?? "";
  const change = Object.hasOwn(changes, action) ? changes[action as keyof typeof changes] : undefined;
  if (!change)
    throw new SmarterosError("invalid_input", `action: use one of ${Object.keys(changes).join(", ")}.`, {
      issues: [{ path: "action", message: "unknown" }],
    });
  const refusal = await runFormAction(context, services, session, change(form));
  return new Response(null, {
    status: 303,
    headers: {
      ...headersOf(context),
      Location: refusal ? refusedAddress(form, refusal) : `${page}?done=${action}`,
      "Cache-Control": "no-store",
    },
  });
}

const publicFields = Object.values(channels).flatMap(({ fields }) =>
  fields.filter(({ type }) => type !== "password").map(({ name }) => name),
);

/** The fields that a refused form is filled in with again: those of a rule, and those of a target that are no secret. */
const returnedFields = new Set<string>([...ruleFieldNames, "for", ...publicFields]);

/** Returns the address of the page with the refused field and the values to fill in again. */
function refusedAddress(form: Form, { code, details }: SmarterosError): string {
  const problem =
    { not_found: "gone", conflict: "taken", forbidden: "internal" }[code as string] ?? "invalid";
  const [outer, inner] = details.issues?.[0]?.path.split(".") ?? [];
  const path = (outer === "secret" ? inner : outer) || "kind";
  const field = problem === "gone" ? "id" : problem === "taken" ? "name" : path;
  const returned = problem === "gone" ? [] : [...form].filter(([name]) => returnedFields.has(name));
  return `${page}?${new URLSearchParams([...returned, ["problem", problem], ["field", field]])}`;
}
