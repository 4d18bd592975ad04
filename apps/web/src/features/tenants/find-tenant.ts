import { tenantInvocations } from "@smarteros/observability";
import { cache } from "react";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";

const uuid = z.uuid();

/**
 * Reads the tenant of a page; undefined for an unknown id, a tenant of another user, and text that is no id. Cached per
 * request, so that one page reads once.
 */
export const findTenant = cache(async (id: string) => {
  const session = await requireSession();
  return readForPage(session.principal, async (call) =>
    uuid.safeParse(id).success ? requireServices().forUser(session).ports.tenants.find(id, call) : undefined,
  );
});

/** The last calls about a tenant that the viewer may see. */
export async function readTenantInvocations(id: string) {
  const session = await requireSession();
  return readForPage(session.principal, async () =>
    uuid.safeParse(id).success ? tenantInvocations(requireServices().forUser(session).ports.calls, id) : [],
  );
}
