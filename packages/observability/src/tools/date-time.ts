import * as z from "zod";

/** Parses an ISO 8601 date-time with an offset as a tool argument; Postgres knows no year 0. */
export const dateTime = z.iso
  .datetime({ offset: true })
  .refine((at) => !at.startsWith("0000"), "a year from 0001 on");
