import type { Connector, Resource, ResourceId } from "./connector.ts";
import { ConnectorError } from "./connector-error.ts";
import type { Vendor } from "./vendors.ts";

/**
 * Reads a recorded resource before it is changed. Rejects with `conflict` when it carries another tenant's id or none;
 * resolves to undefined when it does not exist.
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

/** Reads as `readOwned`, but rejects with `not_found` when the resource does not exist. */
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

/** Resolves to undefined instead of rejecting with `not_found`. */
export async function unlessGone<Data>(request: Promise<Data>): Promise<Data | undefined> {
  try {
    return await request;
  } catch (thrown) {
    if (ConnectorError.isInstance(thrown) && thrown.kind === "not_found") return undefined;
    throw thrown;
  }
}
