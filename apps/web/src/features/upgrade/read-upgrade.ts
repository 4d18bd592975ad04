import { vendors } from "@smarteros/connectors/vendors";
import type { Call } from "@smarteros/core";
import type { Session } from "@smarteros/identity";
import { readRows, type SupabaseClient } from "@smarteros/supabase";
import * as z from "zod";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { countInReview } from "../tenants/read-review.ts";
import { linesOf } from "./adoption-lines.ts";
import { countHolds } from "./count-holds.ts";
import { after, cursorAfter, type HeldPosition, positionOf } from "./held-position.ts";

const pageSize = 25;
/** Lines that the form for adopting several begins with. */
const maxLines = 500;

const heldService = z.object({
  tenant_id: z.string(),
  vendor: z.enum(vendors),
  wanted: z.boolean(),
  external_id: z.string().nullable(),
});
const columns = Object.keys(heldService.shape).join(",") as "*";

/** A held service, with name and RUT of its tenant. */
export type HeldService = z.infer<typeof heldService> & { name: string; rut: string };

export type Upgrade = {
  /** Tenants that were taken over, rows in review, services that are held, and those that no longer are. */
  figures: { tenants: number; inReview: number; held: number; settled: number };
  services: HeldService[];
  nextCursor?: string | undefined;
  /** Those with a recorded id, as lines of the form; `cut` where there are more. */
  recorded: { lines: string; cut: boolean };
};

/** Reads what an upgrade left to settle, as far as the current user may see it. */
export function readUpgrade(session: Session, cursor: string | undefined) {
  return readForPage(session.principal, async (call): Promise<Upgrade> => {
    const { signal } = call;
    const client = requireServices().forUser(session).client;
    const first = cursor ? positionOf(cursor) : undefined;
    // Each tenant that is taken over is held at every vendor, so one of them counts the tenants.
    const [tenants, inReview, held, settled] = await Promise.all([
      countHolds(client, { vendor: "chatwoot" }, signal),
      countInReview(session, call),
      countHolds(client, { open: true }, signal),
      countHolds(client, { open: false }, signal),
    ]);
    const figures = { tenants, inReview, held, settled };
    if (held === 0) return { figures, services: [], recorded: { lines: "", cut: false } };
    const [rows, recorded] = await Promise.all([
      heldRows(client, { first, most: pageSize + 1, recorded: false }, call),
      heldRows(client, { first: undefined, most: maxLines + 1, recorded: true }, call),
    ]);
    const page = rows.slice(0, pageSize);
    const last = page.at(-1);
    const named = await tenantsOf(client, page, call);
    return {
      figures,
      services: page.map((row) => ({ ...row, name: "", rut: "", ...named.get(row.tenant_id) })),
      nextCursor: rows.length > pageSize && last ? cursorAfter(last) : undefined,
      recorded: { lines: recordedLines(recorded.slice(0, maxLines)), cut: recorded.length > maxLines },
    };
  });
}

type Wanted = { first: HeldPosition | undefined; most: number; recorded: boolean };

async function heldRows(client: SupabaseClient, { first, most, recorded }: Wanted, { signal }: Call) {
  const rows = await readRows<HeldPosition>((last = first, limit) => {
    let services = client
      .from("tenant_services")
      .select(columns)
      .is("held", true)
      .order("wanted", { ascending: false })
      .order("tenant_id")
      .order("vendor")
      .limit(limit)
      .abortSignal(signal);
    if (recorded) services = services.not("external_id", "is", null);
    return (last ? services.or(after(last)) : services) as unknown as PromiseLike<never>;
  }, most);
  return heldService.array().parse(rows);
}

function recordedLines(rows: z.infer<typeof heldService>[]): string {
  return linesOf(
    rows.map(({ tenant_id: tenantId, vendor: service, external_id: externalId }) => ({
      tenantId,
      service,
      externalId: externalId ?? "",
    })),
  );
}

/** Reads name and RUT of the tenants of a page, by their ids. */
async function tenantsOf(client: SupabaseClient, services: { tenant_id: string }[], { signal }: Call) {
  const ids = [...new Set(services.map(({ tenant_id: id }) => id))];
  const rows = await readRows<{ id: string; business_name: string; rut: string }>((last, limit) => {
    const those = client
      .from("tenants")
      .select("id,business_name,rut", { count: "exact" })
      .in("id", ids)
      .order("id")
      .limit(limit)
      .abortSignal(signal);
    return last ? those.gt("id", last.id) : those;
  });
  return new Map(rows.map(({ id, business_name: name, rut }) => [id, { name, rut }]));
}
