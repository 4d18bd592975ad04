import * as z from "zod";
import { SmarterosError } from "./errors.ts";

/** Where a list, newest first, goes on: after the row of this moment and id. */
export type PagePosition = { createdAt: string; id: string };

// As our own cursors have it: in UTC, and in a year that Postgres knows too.
const moment = z.iso.datetime({ offset: true }).regex(/^(?!0000).*(?:Z|\+00:00)$/);
const position = z.tuple([moment, z.uuid()]);

/** A cursor that goes on after this row, for programs to hand back as it is. */
export function cursorAfter({ createdAt, id }: PagePosition): string {
  return Buffer.from(JSON.stringify([createdAt, id])).toString("base64url");
}

/** The position that a cursor names. Throws `invalid_input` for what is no cursor of that list. */
export function positionOf(cursor: string, list: string): PagePosition {
  try {
    const [createdAt, id] = position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { createdAt, id };
  } catch {
    const message = `Not a cursor of ${list}. Leave it out to begin with the first page.`;
    throw new SmarterosError("invalid_input", `cursor: ${message}`, {
      issues: [{ path: "cursor", message }],
    });
  }
}
