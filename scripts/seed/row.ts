import type { Embedded, Target } from "./target.ts";

/** A check of one sentence of the seed, by the name that docs/seed.md gives it. */
export type Row = {
  name: string;
  /** Requirements besides an address and a token. */
  needs?: { write?: true; tables?: true; sql?: true; embedded?: string };
  /** Throws when the sentence does not hold. */
  check(target: Target): Promise<void>;
};

/** Creates a row. */
export const row = (name: string, check: Row["check"], needs?: Row["needs"]): Row => ({
  name,
  check,
  ...(needs ? { needs } : {}),
});

/** Returns the reason why a row cannot be checked on a target; undefined when it can. */
export function missingFor({ needs = {} }: Row, target: Target): string | undefined {
  if (needs.embedded && !target.embedded) return needs.embedded;
  if (needs.write && !target.mayWrite) return "it creates a demo tenant and deletes it: give --write";
  if (needs.sql && !target.sql) return "types and policies are read from the database: set DATABASE_URL";
  if (needs.tables && !target.sql && !target.rest)
    return "tables are read as the service: give --supabase-url and --service-key, or set DATABASE_URL";
  return undefined;
}

/** Returns the embedded default of a target. Throws for a deployment: the row must declare that it needs it. */
export function embeddedOf({ embedded }: Target): Embedded {
  if (embedded) return embedded;
  throw new Error("this row needs the embedded default");
}
