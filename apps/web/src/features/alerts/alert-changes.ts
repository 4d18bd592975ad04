import { defineTool, SmarterosError } from "@smarteros/core";
import { shownAddress, targetProblem, targetSettings } from "@smarteros/observability/alert-targets";
import { alertRule } from "@smarteros/observability/alerts";
import { type DatabaseResponse, type Json, requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import * as z from "zod";

/** Where alerts are kept, as the user who changes them, and whether targets may be on this machine's own network. */
export type AlertChangePorts = { alerts: { client: SupabaseClient; allowsInternal: boolean } };

const change = defineTool<AlertChangePorts>();
const kept = {
  requires: "admin",
  annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
} as const;
const lost = { ...kept, annotations: { ...kept.annotations, destructiveHint: true } } as const;
const hours = { none: 0, "1h": 1, "8h": 8, "24h": 24, "7d": 168 };
const ofRule = z.strictObject({ id: z.string().min(1).max(64) });
const ofTarget = z.strictObject({ id: z.uuid() });

/**
 * What an administrator may change of the alerts. Run by a pipeline, so that each change is limited, recorded and traced
 * as every call is, but in no list of tools.
 */
export const alertChanges = [
  change({
    ...kept,
    name: "alerts.saveRule",
    description: "Add a rule, or replace the one of its id.",
    input: alertRule,
    output: ofRule,
    async handler({ input, ports: { alerts }, call }) {
      const definition = input as Json;
      await changed(
        alerts.client.rpc("save_alert_rule", { p_definition: definition }).abortSignal(call.signal),
      );
      return { id: input.id };
    },
  }),
  change({
    ...lost,
    name: "alerts.deleteRule",
    description: "Delete a rule; the monitor's own of the same id is in force again.",
    input: ofRule,
    output: ofRule,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await changed(alerts.client.rpc("delete_alert_rule", { p_id: id }).abortSignal(call.signal));
      return { id };
    },
  }),
  change({
    ...kept,
    name: "alerts.muteRule",
    description: "Tell nobody of a rule for some hours, or tell again.",
    input: ofRule.extend({ for: z.enum(Object.keys(hours) as [keyof typeof hours]) }),
    output: ofRule.extend({ until: z.string() }),
    async handler({ input, ports: { alerts }, call }) {
      const until = new Date(Date.now() + hours[input.for] * 3_600_000).toISOString();
      const mute = { p_rule: input.id, p_until: until };
      await changed(alerts.client.rpc("mute_alert_rule", mute).abortSignal(call.signal));
      return { id: input.id, until };
    },
  }),
  change({
    ...kept,
    name: "alerts.addTarget",
    description: "Add whom to tell. What is secret of it stands under a name that no record keeps.",
    input: z.strictObject({ name: z.string().trim().min(1).max(120), secret: targetSettings }),
    output: z.object({ name: z.string(), kind: z.string(), address: z.string() }),
    async handler({ input: { name, secret }, ports: { alerts }, call }) {
      const problem = await targetProblem(secret, alerts);
      if (problem)
        throw new SmarterosError("forbidden", `${problem.field}: ${problem.message}`, {
          issues: [{ path: problem.field, message: problem.message }],
        });
      const target = { name, kind: secret.kind, address: shownAddress(secret) };
      await changed(
        alerts.client
          .rpc("add_alert_target", {
            p_name: name,
            p_kind: target.kind,
            p_address: target.address,
            p_settings: secret,
          })
          .abortSignal(call.signal),
      );
      return target;
    },
  }),
  change({
    ...lost,
    name: "alerts.removeTarget",
    description: "Tell a target nothing any more, and forget what is secret of it.",
    input: ofTarget,
    output: ofTarget,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await changed(alerts.client.rpc("remove_alert_target", { p_id: id }).abortSignal(call.signal));
      return { id };
    },
  }),
  change({
    ...kept,
    name: "alerts.testTarget",
    description: "Send a target a test, by way of the monitor.",
    annotations: { ...kept.annotations, idempotentHint: false, openWorldHint: true },
    input: ofTarget,
    output: ofTarget,
    async handler({ input: { id }, ports: { alerts }, call }) {
      await changed(alerts.client.rpc("test_alert_target", { p_id: id }).abortSignal(call.signal));
      return { id };
    },
  }),
];

async function changed(request: PromiseLike<DatabaseResponse<unknown[] | null>>) {
  const response = await request;
  const { data, error } = response;
  if (error?.code === "23505")
    throw new SmarterosError("conflict", "name: another target has it. Choose another name.");
  if (error && /^23/.test(error.code ?? "")) {
    const issue = { path: "id", message: "The database does not take it." };
    throw new SmarterosError("invalid_input", `${issue.path}: ${issue.message}`, { issues: [issue] });
  }
  requireSuccess(response);
  if (data?.length === 0) throw new SmarterosError("not_found", "It is not there any more.");
}
