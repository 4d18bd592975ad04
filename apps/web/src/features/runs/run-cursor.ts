import { SmarterosError } from "@smarteros/core";
import * as z from "zod";

// As our own cursors have it: in UTC, and in a year that Postgres knows too.
const moment = z.iso.datetime({ offset: true }).regex(/^(?!0000).*(?:Z|\+00:00)$/);
const position = z.tuple([moment, z.uuid()]);

/** Returns the position in the list, newest first, at which a page ended. */
export function cursorAfter({ created_at, id }: { created_at: string; id: string }): string {
  return Buffer.from(JSON.stringify([created_at, id])).toString("base64url");
}

/** Parses a cursor. Throws `invalid_input` for text that is none. */
export function positionOf(cursor: string): { createdAt: string; id: string } {
  try {
    const [createdAt, id] = position.parse(JSON.parse(Buffer.from(cursor, "base64url").toString()));
    return { createdAt, id };
  } catch {
    throw new SmarterosError("invalid_input", "cursor: not one of the list of runs. Leave it out to begin.");
  }
}
