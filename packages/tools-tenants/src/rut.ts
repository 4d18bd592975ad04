import { format, validate } from "rut.js";
import * as z from "zod";

/**
 * A Chilean tax id as callers write it, with or without dots and dash; parsed to its stored form `76086428-5`. Checked
 * by modulo 11. A wrong check digit is refused without saying the right one: it would turn a typing error into some
 * other company's id.
 */
export const rut = z
  .string()
  .trim()
  .min(7, "Too short for a RUT. Write it like 12.345.678-5.")
  .max(12, "Too long for a RUT. Write it like 12.345.678-5.")
  .transform((given, context) => {
    const refuse = (message: string) => {
      context.addIssue({ code: "custom", message });
      return z.NEVER;
    };
    const parts = /^(\d{1,3}(?:\.?\d{3})+)-?[\dkK]$/.exec(given);
    if (!parts?.[1]) return refuse("Not a RUT. Write it like 12.345.678-5.");
    const body = Number(parts[1].replaceAll(".", ""));
    if (body < 1_000_000)
      return refuse("A RUT has a number between 1.000.000 and 99.999.999. Ask for the RUT again.");
    if (!validate(given)) return refuse("The check digit does not match. Ask for the RUT again.");
    return format(given, { dots: false });
  })
  .describe("Chilean tax id (RUT) with its check digit, such as 12.345.678-5.");
