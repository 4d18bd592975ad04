import { format, validate } from "rut.js";

/** The characters of a RUT as people write it, without blanks around it. */
export const rutLength = { min: 7, max: 12 };

export type RutProblem = "too_short" | "too_long" | "malformed" | "out_of_range" | "check_digit";

/**
 * Finds the problem of a Chilean tax id as people write it, with or without dots and dash, by modulo 11; undefined where it
 * is valid. The expected check digit is never shown: it would turn a typing error into another company's id. Needs no zod,
 * so that browsers can use it.
 */
export function rutProblem(given: string): RutProblem | undefined {
  const written = plain(given);
  if (written.length < rutLength.min) return "too_short";
  if (written.length > rutLength.max) return "too_long";
  const body = bodyOf(written);
  if (body === undefined) return "malformed";
  if (body < 1_000_000 || body > 99_999_999) return "out_of_range";
  return validate(written) ? undefined : "check_digit";
}

/** Formats a RUT as `12.345.678-5`. Any other text is returned trimmed. */
export function formatRut(given: string): string {
  const written = plain(given);
  return bodyOf(written) === undefined ? given.trim() : format(written, { dots: true });
}

/** Converts a RUT to its stored form, `12345678-5`; only for one without a problem by `rutProblem`. */
export function storedRut(given: string): string {
  return format(plain(given), { dots: false });
}

/** Writes the dashes that word processors and models put in place of a hyphen as one. */
const plain = (given: string) => given.trim().replace(/[\u2010-\u2015\u2212\uFE63\uFF0D]/g, "-");

function bodyOf(written: string): number | undefined {
  const [, body] = /^(\d{1,3}(?:\.?\d{3})+)-?[\dkK]$/.exec(written) ?? [];
  return body === undefined ? undefined : Number(body.replaceAll(".", ""));
}
