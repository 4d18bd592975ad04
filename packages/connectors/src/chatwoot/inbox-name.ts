import type { Subject } from "../connector.ts";

// Chatwoot 2.7 to 4.2 accepts for API inboxes what matches ^\b[^/\\<>@]*\b$ in a line (app/models/inbox.rb): the first and the
// last character are a letter, a digit or an underscore. Every version limits texts to 255 characters
// (app/models/application_record.rb).
const maxLength = 255;

/**
 * Returns the name of a tenant's inbox, which every version since 2.7 accepts: the business name without refused and
 * invisible characters, and the RUT, which ends in a digit or K. Of a name without a letter or digit, only the RUT.
 */
export function inboxName({ businessName, rut }: Subject): string {
  const clean = businessName
    .replace(/[/\\<>@\p{C}\s]+/gu, " ")
    .replace(/^[^\p{L}\p{Nd}]+/u, "")
    .trim();
  const fitting = Array.from(clean)
    .slice(0, maxLength - rut.length - 1)
    .join("")
    .trim();
  return fitting ? `${fitting} ${rut}` : rut;
}

/** Returns the name that releases before 0.3 gave, which Chatwoot 2.7 to 4.2 refuses. */
export const formerInboxName = ({ businessName, rut }: Subject) => `${businessName} (${rut})`;
