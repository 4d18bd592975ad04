import { SmarterosError } from "@smarteros/core";
import type { Subject } from "@smarteros/tools-fastapi/provisioning-log";
import * as z from "zod";

const uuid = z.uuid();

/** Parses `?tenant=` or `?run=`. Throws `invalid_input` for none, both, or text that is no id. */
export function subjectOf(address: string): Subject {
  const { searchParams } = new URL(address);
  const named = (["tenant", "run"] as const).flatMap((kind) =>
    searchParams.getAll(kind).map((id) => ({ kind, id })),
  );
  const [subject] = named;
  if (subject && named.length === 1 && uuid.safeParse(subject.id).success) return subject;
  const path = subject?.kind ?? "tenant";
  const message = "Give one of ?tenant=<id> and ?run=<id>, once, with a UUID.";
  throw new SmarterosError("invalid_input", `${path}: ${message}`, { issues: [{ path, message }] });
}
