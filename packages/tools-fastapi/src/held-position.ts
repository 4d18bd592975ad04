import { vendors } from "@smarteros/connectors/vendors";
import { encodeCursor, requireCursor } from "@smarteros/core/cursor";
import * as z from "zod";

const position = z.tuple([z.boolean(), z.uuid(), z.enum(vendors)]);

/** A row's place in the list of held services: wanted ones first, then by tenant and vendor. */
export type HeldPosition = { wanted: boolean; tenant_id: string; vendor: (typeof vendors)[number] };

/** Encodes the cursor of the rows after this one. */
export function heldCursorAfter({ wanted, tenant_id, vendor }: HeldPosition): string {
  return encodeCursor([wanted, tenant_id, vendor]);
}

/** Decodes a cursor of this list. Throws `invalid_input` for any other text. */
export function heldPositionOf(cursor: string): HeldPosition {
  const [wanted, tenant_id, vendor] = requireCursor(cursor, position, "the list of held services");
  return { wanted, tenant_id, vendor };
}

/** Makes the filter for `or()` of the rows after this one. */
export function heldAfter({ wanted, tenant_id: tenant, vendor }: HeldPosition): string {
  const same = `wanted.eq.${wanted}`;
  return [
    ...(wanted ? ["wanted.eq.false"] : []),
    `and(${same},tenant_id.gt.${tenant})`,
    `and(${same},tenant_id.eq.${tenant},vendor.gt.${vendor})`,
  ].join(",");
}
