import { pageOf } from "@smarteros/core/cursor";
import type { Session } from "@smarteros/identity";
import {
  type HeldService as HeldServiceRow,
  heldCursorAfter,
  heldPositionOf,
} from "@smarteros/tools-fastapi/provisioning-log";
import type { TenantName } from "@smarteros/tools-tenants";
import { requireServices } from "../../app-context.ts";
import { readForPage } from "../../session/read-for-page.ts";
import { linesOf } from "./adoption-lines.ts";

const pageSize = 25;
/** Lines that the form for adopting several begins with. */
const maxLines = 500;

/** A held service, with name and RUT of its tenant. */
export type HeldService = HeldServiceRow & TenantName;

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
    const { ports, pagePorts } = requireServices().forUser(session);
    const { provisioning } = pagePorts;
    const after = cursor ? heldPositionOf(cursor) : undefined;
    // Each tenant that is taken over is held at every vendor, so one of them counts the tenants.
    const [tenants, inReview, held, settled] = await Promise.all([
      provisioning.countHolds({ vendor: "chatwoot" }, signal),
      ports.tenants.countInReview(call),
      provisioning.countHolds({ open: true }, signal),
      provisioning.countHolds({ open: false }, signal),
    ]);
    const figures = { tenants, inReview, held, settled };
    if (held === 0) return { figures, services: [], recorded: { lines: "", cut: false } };
    const [rows, recorded] = await Promise.all([
      provisioning.heldServices({ limit: pageSize + 1, after }, signal),
      provisioning.heldServices({ limit: maxLines + 1, recorded: true }, signal),
    ]);
    const { page, ...next } = pageOf(rows, pageSize, heldCursorAfter);
    const ids = new Set(page.map(({ tenant_id: id }) => id));
    const names = await ports.tenants.names([...ids], call);
    return {
      figures,
      services: page.map((row) => ({ ...row, name: "", rut: "", ...names.get(row.tenant_id) })),
      ...next,
      recorded: { lines: recordedLines(recorded.slice(0, maxLines)), cut: recorded.length > maxLines },
    };
  });
}

function recordedLines(rows: HeldServiceRow[]): string {
  return linesOf(
    rows.map(({ tenant_id: tenantId, vendor: service, external_id: externalId }) => ({
      tenantId,
      service,
      externalId: externalId ?? "",
    })),
  );
}
