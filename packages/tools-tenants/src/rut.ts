import * as z from "zod";
import { rutLength, rutProblem, storedRut } from "./rut-rule.ts";

const messages = {
  not_text: 'A RUT is text. Write it like "12.345.678-5".',
  too_short: "Too short for a RUT. Write it like 12.345.678-5.",
  too_long: "Too long for a RUT. Write it like 12.345.678-5.",
  malformed: "Not a RUT. Write it like 12.345.678-5.",
  out_of_range: "A RUT has a number between 1.000.000 and 99.999.999. Ask for the RUT again.",
  check_digit: "The check digit does not match. Ask for the RUT again.",
};

/** Parses a Chilean tax id to its stored form `76086428-5`. The rule is in rut-rule.ts. */
export const rut = z
  .string(messages.not_text)
  .trim()
  .min(rutLength.min, messages.too_short)
  .max(rutLength.max, messages.too_long)
  .transform((given, context) => {
    const problem = rutProblem(given);
    if (!problem) return storedRut(given);
    context.addIssue({ code: "custom", message: messages[problem] });
    return z.NEVER;
  })
  .describe("Chilean tax id (RUT) with its check digit, such as 12.345.678-5.");
