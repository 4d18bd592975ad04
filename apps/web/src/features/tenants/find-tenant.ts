import { tenantInvocations } from "@smarteros/observability/supabase";
import { cache } from "react";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";

const uuid = z.uuid();

/**
 * The tenant of a detail page; undefined for one that is not there, for someone else's, and for what is no id at all.
 * Asked twice for one page, it reads once.
 */
export const findTenant = cache(async (id: string) => {
  const session = await requireSession();
  return readForPage(session.principal, async (call) =>
    uuid.safeParse(id).success ? requireServices().ports(session).tenants.find(id, call) : undefined,
  );
});

/** The last calls about a tenant that the viewer may see. */
export async function readTenantInvocations(id: string) {
  const session = await requireSession();
  return readForPage(session.principal, async () =>
    uuid.safeParse(id).success ? tenantInvocations(requireServices().asUser(session), id) : [],
  );
}
