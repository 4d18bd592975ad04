import { SmarterosError } from "@smarteros/core";
import type { Subject } from "@smarteros/tools-fastapi/provisioning-log";
import { cache } from "react";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";

const uuid = z.uuid();

/**
 * Reads the services for a page; undefined for an unknown id, a tenant of another user, and text that is no id. Cached
 * per request, so that one page reads once.
 */
export const findSubject = cache(async (kind: Subject["kind"], id: string) => {
  const session = await requireSession();
  return readForPage(session.principal, async ({ signal }) => {
    if (!uuid.safeParse(id).success) return undefined;
    try {
      return await requireServices().forUser(session).pagePorts.provisioning.snapshot({ kind, id }, signal);
    } catch (error) {
      if (SmarterosError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    }
  });
});
