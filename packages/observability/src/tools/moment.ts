import * as z from "zod";

/** A moment as an argument of a tool; Postgres knows no year 0. */
export const moment = z.iso
  .datetime({ offset: true })
  .refine((at) => !at.startsWith("0000"), "a year from 0001 on");
