import * as z from "zod";
import { printable } from "../tenant.ts";

/** The name of a business as callers give it. */
export const businessName = z
  .string()
  .trim()
  .min(2, "Too short. Write the legal name of the business.")
  .max(120, "Too long: 120 characters at most.")
  .regex(printable, "Characters that do not show, or that turn the text around, are not allowed in a name.")
  .describe("Legal name of the business.");
