import * as z from "zod";

/** Answers that a vendor gives in its own words. */
const refusals = [
  "unauthorized",
  "forbidden",
  "payment_required",
  "licence",
  "rate_limited",
  "error",
] as const;
export type Refusal = { fault: (typeof refusals)[number]; retryAfterSeconds?: number | undefined };

/**
 * What goes wrong, for which calls, and how often. `latency` answers late, `reset` breaks the connection off before
 * anything happened, `reset_after_commit` after it did, `malformed`, `wrong_shape` and `oversized` answer 200 with what
 * nobody can use, `redirect` points elsewhere, `bad_gateway` answers 502 with a page.
 */
export const fault = z.strictObject({
  fault: z.enum([
    ...refusals,
    "latency",
    "reset",
    "reset_after_commit",
    "malformed",
    "wrong_shape",
    "bad_gateway",
    "redirect",
    "oversized",
  ]),
  /** Which calls: all by default. */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** A part of the path, such as `/inboxes`. */
  path: z.string().max(200).optional(),
  /** How many of those calls it lets pass first. */
  skip: z.int().min(0).default(0),
  /** How many calls it meets then; for ever where it is null. */
  times: z.int().positive().nullable().default(1),
  /** Milliseconds, for `latency`. */
  ms: z.int().min(0).max(600_000).default(1_000),
  /** For `rate_limited`. */
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
});
export type Fault = z.output<typeof fault>;
export type FaultInput = z.input<typeof fault>;

export const isRefusal = (given: Fault): given is Fault & Refusal =>
  (refusals as readonly string[]).includes(given.fault);

/** The faults that are switched on, each until it has met as many calls as it was meant for. */
export function createFaults() {
  let armed: Fault[] = [];
  return {
    /** Throws a ZodError for what is no fault. */
    add(given: FaultInput) {
      armed.push(fault.parse(given));
    },
    clear() {
      armed = [];
    },
    list: (): readonly Fault[] => armed.map((one) => ({ ...one })),
    /** Those that meet this call. */
    take(method: string, path: string): Fault[] {
      const meant = armed.filter(
        (one) => (!one.method || one.method === method) && (!one.path || path.includes(one.path)),
      );
      const met = meant.filter(({ skip }) => skip === 0);
      for (const one of meant) {
        if (one.skip > 0) one.skip -= 1;
        else if (one.times !== null) one.times -= 1;
      }
      armed = armed.filter(({ times }) => times === null || times > 0);
      return met;
    },
  };
}
export type Faults = Omit<ReturnType<typeof createFaults>, "take">;
