import { readFileSync } from "node:fs";
import path from "node:path";
import type { APIRequestContext } from "@playwright/test";
import type { Vendor } from "@smarteros/connectors/vendors";

/** A vendor's sandbox, to break and to look into. */
export function sandbox(request: APIRequestContext, vendor: Vendor) {
  const file = path.join(process.env.SMARTEROS_DATA_DIR ?? "", "sandboxes/ports.json");
  const { ports } = JSON.parse(readFileSync(file, "utf8"));
  const vendorUrl = `http://127.0.0.1:${ports[vendor]}`;
  const url = `${vendorUrl}/__sandbox`;
  return {
    /** Where the vendor's own API begins. */
    vendorUrl,
    break: (fault: string) => request.post(`${url}/faults`, { data: { fault, times: null } }),
    /** Empties it. */
    reset: () => request.post(`${url}/reset`),
    mend: () => request.delete(`${url}/faults`),
    /** What the vendor holds of a tenant. */
    async held(tenantId: string): Promise<unknown[]> {
      return (await (await request.get(url)).json()).tenants[tenantId] ?? [];
    },
  };
}
