import { rutProblem } from "@smarteros/tools-tenants/rut";
import type { TextCheck } from "@smarteros/ui/json-form/check-arguments.ts";

// Too short, too long and misspelt are one thing to a person who is typing a RUT.
const codes = {
  too_short: "rutForm",
  too_long: "rutForm",
  malformed: "rutForm",
  out_of_range: "rutRange",
  check_digit: "rutDigit",
} as const;

export type RutCode = (typeof codes)[keyof typeof codes];

/** Decides whether a property holds a RUT. */
export const isRut = (name: string) => name === "rut";

/** The rules for arguments that JSON Schema cannot express: a RUT by its check digit, without telling the right one. */
export const textChecks: readonly TextCheck[] = [
  {
    applies: isRut,
    check: (text): RutCode | undefined => {
      const problem = rutProblem(text);
      return problem && codes[problem];
    },
  },
];
