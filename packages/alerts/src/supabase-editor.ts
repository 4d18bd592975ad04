import { SmarterosError } from "@smarteros/core";
import { type DatabaseResponse, type Json, requireSuccess, type SupabaseClient } from "@smarteros/supabase";
import type { AlertEditor } from "./tools.ts";

/** Changes alerts in Supabase as the user of the client; row level security decides. */
export function supabaseAlertEditor(client: SupabaseClient): AlertEditor {
  return {
    saveRule: (rule, signal) =>
      changed(client.rpc("save_alert_rule", { p_definition: rule as Json }).abortSignal(signal)),
    deleteRule: (id, signal) => changed(client.rpc("delete_alert_rule", { p_id: id }).abortSignal(signal)),
    muteRule: (id, until, signal) =>
      changed(
        client.rpc("mute_alert_rule", { p_rule: id, p_until: until.toISOString() }).abortSignal(signal),
      ),
    addTarget: ({ name, kind, address, settings }, signal) =>
      changed(
        client
          .rpc("add_alert_target", { p_name: name, p_kind: kind, p_address: address, p_settings: settings })
          .abortSignal(signal),
      ),
    removeTarget: (id, signal) =>
      changed(client.rpc("remove_alert_target", { p_id: id }).abortSignal(signal)),
    testTarget: (id, signal) => changed(client.rpc("test_alert_target", { p_id: id }).abortSignal(signal)),
  };
}

/** Each function returns the row that it changed, and none where there was none to change. */
async function changed(request: PromiseLike<DatabaseResponse<unknown[] | null>>): Promise<void> {
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
