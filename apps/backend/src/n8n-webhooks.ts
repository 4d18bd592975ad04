import { SmarterosError } from "@smarteros/core";
import { rowsOf, type SupabaseClient } from "@smarteros/supabase";

export type Registration = {
  tenantId: string;
  workflow: string;
  path: string;
  registeredBy: string;
};

export type N8nWebhooks = ReturnType<typeof n8nWebhooks>;

/** Stores the callable workflows of tenants, as the service role: the caller has to check access to the tenant first. */
export function n8nWebhooks(service: SupabaseClient) {
  return {
    /** Resolves to the webhook path of a workflow; undefined when it is not registered or was removed. */
    async path(tenantId: string, workflow: string, signal: AbortSignal): Promise<string | undefined> {
      const response = await service
        .from("n8n_webhooks")
        .select("path")
        .match({ tenant_id: tenantId, workflow })
        .is("removed_at", null)
        .abortSignal(signal);
      return rowsOf(response)[0]?.path;
    },

    /** Registers a workflow or changes its path. Rejects with `conflict` when another registration has the path. */
    async register({ tenantId, workflow, path, registeredBy }: Registration, signal: AbortSignal) {
      const response = await service
        .from("n8n_webhooks")
        .upsert(
          {
            tenant_id: tenantId,
            workflow,
            path,
            registered_by: registeredBy,
            updated_at: new Date().toISOString(),
            removed_at: null,
          },
          { onConflict: "tenant_id,workflow" },
        )
        .select("*")
        .abortSignal(signal);
      if (response.error?.code === "23505") {
        const message =
          "This path is registered already, for another workflow or tenant. Give the webhook its own.";
        throw new SmarterosError("conflict", message);
      }
      const [row] = rowsOf(response);
      if (!row) throw new Error("the registration came back without its row");
      return row;
    },
  };
}
