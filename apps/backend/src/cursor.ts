import { SmarterosError } from "@smarteros/core";
import type { PagePosition } from "@smarteros/tools-tenants";
import * as z from "zod";

// As our own cursors have it: in UTC, and in a year that Postgres knows too.
const moment = z.iso.datetime({ offset: true }).regex(/^(?!0000).*(?:Z|\+00:00)$/);
const position = z.tuple([moment, z.uuid()]);

/** Where the page after this row begins, for the caller to hand back. */
export function cursorOf({ created_at, id }: { created_at: string; id: string }): string {
  return Buffer.from(JSON.stringify([created_at, id])).toString("base64url");
}

/** Reads a cursor. Throws `invalid_input` for anything that is not one of ours. */
export function positionOf(cursor: string): PagePosition {
  try {
    const [createdAt, id] = position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { createdAt, id };
  } catch {
    const message = "Not a cursor of this list. Leave it out to begin with the first page.";
    throw new SmarterosError("invalid_input", `cursor: ${message}`, {
      issues: [{ path: "cursor", message }],
    });
  }
}
