import { redact } from "../redact.ts";

const maximum = 16_000;

/** A payload as it is stored: redacted JSON text of at most 16 000 characters, and whether anything was changed. */
export function payload(value: unknown): { json: string; changed: boolean } {
  const clean = redact(value);
  const json = JSON.stringify(clean.value) ?? "null";
  if (json.length <= maximum) return { json, changed: clean.changed };
  return { json: JSON.stringify({ truncated: json.length, start: json.slice(0, 2_000) }), changed: true };
}

/** A stored payload as the value that it was, or as text where it is not whole. */
export function parsedJson(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json);
  } catch {
    return json;
  }
}
