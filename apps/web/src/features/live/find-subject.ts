import { SmarterosError } from "@smarteros/core";
import { cache } from "react";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { requireSession } from "../../session/current-session.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { readSnapshot } from "./read-provisioning.ts";
import type { Subject } from "./subject-address.ts";

const uuid = z.uuid();

/**
 * How services stand, for a page; undefined for what is not there, for someone else's, and for what is no id at all.
 * Asked twice for one page, it reads once.
 */
export const findSubject = cache(async (kind: Subject["kind"], id: string) => {
  const session = await requireSession();
  return readForPage(session.principal, async ({ signal }) => {
    if (!uuid.safeParse(id).success) return undefined;
    try {
      return await readSnapshot(requireServices().asUser(session), { kind, id }, signal);
    } catch (error) {
      if (SmarterosError.isInstance(error) && error.code === "not_found") return undefined;
      throw error;
    }
  });
});
