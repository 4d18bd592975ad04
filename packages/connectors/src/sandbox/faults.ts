import * as z from "zod";

/** Faults that respond as the vendor does. */
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
 * Describes a fault, the calls that it affects and their number. `latency` delays the response. `reset` closes the
 * connection before the call has an effect, `reset_after_commit` after it, and `late_commit` before an effect that it has
 * later. `error_after_commit` responds with an error to a call that had an effect. `cut` closes the connection after half of
 * the response. `lag` shows a list without the rows of the last milliseconds, `short_list` the first half of a page. `malformed`, `wrong_shape` and `oversized`
 * respond 200 with an unusable body, `web_page` responds 200 with an HTML page, `redirect` responds 302, and `bad_gateway` responds 502 with an HTML page.
 */
export const fault = z.strictObject({
  fault: z.enum([
    ...refusals,
    "latency",
    "reset",
    "reset_after_commit",
    "late_commit",
    "error_after_commit",
    "cut",
    "lag",
    "short_list",
    "malformed",
    "wrong_shape",
    "web_page",
    "bad_gateway",
    "redirect",
    "oversized",
  ]),
  /** Method of the affected calls; all by default. */
  method: z.enum(["GET", "POST", "PUT", "PATCH", "DELETE"]).optional(),
  /** Part of the path of the affected calls, such as `/inboxes`. */
  path: z.string().max(200).optional(),
  /** Number of matching calls that succeed first. */
  skip: z.int().min(0).default(0),
  /** Number of calls that it then affects; unlimited if null. */
  times: z.int().positive().nullable().default(1),
  /** Milliseconds of `latency`, `late_commit` and `lag`. */
  ms: z.int().min(0).max(3_600_000).default(1_000),
  /** Value of Retry-After of `rate_limited`, in seconds. */
  retryAfterSeconds: z.int().min(0).max(86_400).optional(),
});
export type Fault = z.output<typeof fault>;
export type FaultInput = z.input<typeof fault>;

export const isRefusal = (given: Fault): given is Fault & Refusal =>
  (refusals as readonly string[]).includes(given.fault);

/** Creates the list of active faults. A fault is removed after the last call that it affects. */
export function createFaults() {
  let active: Fault[] = [];
  return {
    /** Activates a fault. Throws a ZodError when it is invalid. */
    add(given: FaultInput) {
      active.push(fault.parse(given));
    },
    clear() {
      active = [];
    },
    list: (): readonly Fault[] => active.map((one) => ({ ...one })),
    /** Returns the faults that affect this call and counts it. */
    take(method: string, path: string): Fault[] {
      const matching = active.filter(
        (one) => (!one.method || one.method === method) && (!one.path || path.includes(one.path)),
      );
      const affecting = matching.filter(({ skip }) => skip === 0);
      for (const one of matching) {
        if (one.skip > 0) one.skip -= 1;
        else if (one.times !== null) one.times -= 1;
      }
      active = active.filter(({ times }) => times === null || times > 0);
      return affecting;
    },
  };
}
export type Faults = Omit<ReturnType<typeof createFaults>, "take">;
