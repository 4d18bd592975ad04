import { vendors } from "@smarteros/connectors/vendors";
import { SmarterosError } from "@smarteros/core";
import * as z from "zod";

const position = z.tuple([z.boolean(), z.uuid(), z.enum(vendors)]);

/** A row's place in the list of held services: wanted ones first, then by tenant and vendor. */
export type HeldPosition = { wanted: boolean; tenant_id: string; vendor: (typeof vendors)[number] };

/** Writes the cursor of the rows after this one. */
export function cursorAfter({ wanted, tenant_id, vendor }: HeldPosition): string {
  return Buffer.from(JSON.stringify([wanted, tenant_id, vendor])).toString("base64url");
}

/** Reads a cursor. Throws `invalid_input` for what is none of this list's. */
export function positionOf(cursor: string): HeldPosition {
  try {
    const [wanted, tenant_id, vendor] = position.parse(
      JSON.parse(Buffer.from(cursor, "base64url").toString()),
    );
    return { wanted, tenant_id, vendor };
  } catch {
    throw new SmarterosError(
      "invalid_input",
      "cursor: not one of the list of held services. Leave it out to begin.",
    );
  }
}

/** Makes the filter for `or()` of the rows after this one. */
export function after({ wanted, tenant_id: tenant, vendor }: HeldPosition): string {
  const same = `wanted.eq.${wanted}`;
  return [
    ...(wanted ? ["wanted.eq.false"] : []),
    `and(${same},tenant_id.gt.${tenant})`,
    `and(${same},tenant_id.eq.${tenant},vendor.gt.${vendor})`,
  ].join(",");
}
