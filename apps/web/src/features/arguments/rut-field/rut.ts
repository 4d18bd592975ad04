import { rutProblem } from "@smarteros/tools-tenants/rut";

// Too short, too long and misspelt are one thing to a person who is typing a RUT.
const codes = {
  too_short: "rutForm",
  too_long: "rutForm",
  malformed: "rutForm",
  out_of_range: "rutRange",
  check_digit: "rutDigit",
} as const;

/** Checks a RUT as people write it, by the rule of the tools. Never says which check digit would be right. */
export function checkRut(given: string) {
  const found = rutProblem(given);
  return found && codes[found];
}
