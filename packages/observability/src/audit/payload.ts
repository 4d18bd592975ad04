import { redact } from "../redact.ts";

const maximum = 16_000;

/**
 * Converts a payload to the form that is stored: redacted JSON text of at most 16 000 characters, and whether redaction
 * changed it.
 */
export function payload(value: unknown): { json: string; changed: boolean } {
  const clean = redact(value);
  const json = JSON.stringify(clean.value) ?? "null";
  if (json.length <= maximum) return { json, changed: clean.changed };
  return { json: JSON.stringify({ truncated: json.length, start: json.slice(0, 2_000) }), changed: true };
}

/** Parses a stored payload; returns the text where a limit cut it. */
export function parsedJson(json: string | null): unknown {
  try {
    return json === null ? null : JSON.parse(json);
  } catch {
    return json;
  }
}
