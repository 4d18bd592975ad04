import { clean, format, validate } from "rut.js";

/** What is wrong with a RUT: not written like one, out of range, or with a check digit that is not its own. */
export type RutProblem = "rutForm" | "rutRange" | "rutDigit";

const lowestNumber = 1_000_000;

/** Checks a RUT as people write it, by the rule of the tools. Never says which check digit would be right. */
export function checkRut(given: string): RutProblem | undefined {
  const parts = /^(\d{1,3}(?:\.?\d{3})+)-?[\dkK]$/.exec(given.trim());
  const digits = parts?.[1]?.replaceAll(".", "");
  if (!digits || digits.length > 8) return "rutForm";
  if (Number(digits) < lowestNumber) return "rutRange";
  return validate(given.trim()) ? undefined : "rutDigit";
}

/** A RUT with its dots, as people read it; anything else as it came. */
export function formatRut(given: string): string {
  return checkRut(given) === undefined ? format(clean(given)) : given;
}
