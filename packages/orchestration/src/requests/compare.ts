import type { Logger } from "@smarteros/core";
import type { reconciliation } from "@smarteros/tools-fastapi/provisioning";
import type * as z from "zod";
import type { Comparison, Installation, ProvisioningStore } from "../ports.ts";
import { reconcilePage } from "../reconcile.ts";
import { serializeDifference } from "../serialize.ts";

type Parts = { store: ProvisioningStore; connectors: Installation; logger: Logger };
type Request = Omit<Comparison, "tenants"> & { repair: boolean };

/** Tenants of a page, whose requester waits. */
const tenants = 10;
/** Timeout of one service's reads at its vendor, in milliseconds. */
const deadlineMs = 8_000;

/** Compares the services of a tenant, or of the next ten of an owner or of all, and repairs them when asked. */
export async function compareServices(
  { store, connectors, logger }: Parts,
  { repair, ...comparison }: Request,
  signal: AbortSignal,
): Promise<z.output<typeof reconciliation>> {
  const parts = { store, connectors: connectors.configured, deadlineMs, logger };
  const repairing = repair ? "person" : undefined;
  const page = await reconcilePage(parts, { ...comparison, tenants }, repairing, signal);
  return {
    compared: page?.compared ?? 0,
    unread: page?.unread ?? 0,
    differences: page?.found.map(serializeDifference) ?? [],
    next_after: comparison.tenantId === undefined ? (page?.last ?? null) : null,
  };
}
