import type { Connector, Resource, ResourceId } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import type { Vendor } from "./vendors.ts";

/**
 * Reads what is recorded for a tenant before anything acts on it. Rejects with `conflict` where it carries another
 * tenant's id or none; resolves to undefined where it is gone.
 */
export async function readOwned<Of extends Vendor>(
  { vendor, read }: Pick<Connector<Of>, "vendor" | "read">,
  id: ResourceId<Of>,
  tenantId: string,
  signal: AbortSignal,
): Promise<Resource<Of> | undefined> {
  const resource = await read(id, signal);
  if (!resource || resource.tenantId === tenantId) return resource;
  const problem = { kind: "conflict", remedy: "check_recorded_id" } as const;
  throw new ConnectorError({ vendor, operation: "read", ...problem });
}

/** As `readOwned`, but what is gone is `not_found`. */
export async function requireOwned<Of extends Vendor>(
  connector: Pick<Connector<Of>, "vendor" | "read">,
  id: ResourceId<Of>,
  tenantId: string,
  signal: AbortSignal,
): Promise<Resource<Of>> {
  const resource = await readOwned(connector, id, tenantId, signal);
  if (resource) return resource;
  const problem = { kind: "not_found", remedy: "check_recorded_id" } as const;
  throw new ConnectorError({ vendor: connector.vendor, operation: "read", ...problem });
}

/** Resolves to undefined in place of `not_found`. */
export async function unlessGone<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (ConnectorError.isInstance(thrown) && thrown.kind === "not_found") return undefined;
    throw thrown;
  }
}
