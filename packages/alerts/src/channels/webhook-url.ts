import { httpUrl } from "@smarteros/core/settings";
import * as z from "zod";

/** A URL that receives messages. Its address is checked when it is resolved, not by its text. */
export const webhookUrl = z
  .string()
  .trim()
  .max(2_000)
  .pipe(httpUrl({ query: true, plainHttp: true, anyAddress: true }));
