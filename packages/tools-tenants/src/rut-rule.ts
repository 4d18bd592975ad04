import { format, validate } from "rut.js";

/** How many characters a RUT has as people write it, blanks around it aside. */
export const rutLength = { min: 7, max: 12 };

export type RutProblem = "too_short" | "too_long" | "malformed" | "out_of_range" | "check_digit";

/**
 * What is wrong with a Chilean tax id as people write it, with or without dots and dash; undefined where nothing is. By
 * modulo 11. Which check digit would be right is told nowhere: it would turn a typing error into some other company's
 * id. Without zod, so that browsers can ask too.
 */
export function rutProblem(given: string): RutProblem | undefined {
  const written = given.trim();
  if (written.length < rutLength.min) return "too_short";
  if (written.length > rutLength.max) return "too_long";
  const body = bodyOf(written);
  if (body === undefined) return "malformed";
  if (body < 1_000_000 || body > 99_999_999) return "out_of_range";
  return validate(written) ? undefined : "check_digit";
}

/** A RUT for people to read: `12.345.678-5`. What is not written like one comes back as it is, without blanks around it. */
export function formatRut(given: string): string {
  const written = given.trim();
  return bodyOf(written) === undefined ? written : format(written, { dots: true });
}

/** A RUT in its stored form, `12345678-5`; for what `rutProblem` finds nothing wrong with. */
export function storedRut(given: string): string {
  return format(given.trim(), { dots: false });
}

function bodyOf(written: string): number | undefined {
  const [, body] = /^(\d{1,3}(?:\.?\d{3})+)-?[\dkK]$/.exec(written) ?? [];
  return body === undefined ? undefined : Number(body.replaceAll(".", ""));
}
