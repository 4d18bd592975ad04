import type { Vendor } from "./vendors.ts";

const marker = Symbol.for("smarteros.unsettled");

/**
 * Thrown by `ensure` while an earlier creation may still take effect: nothing was changed, and the caller looks again
 * after `retryAfterMs`. It is no failure and counts as no attempt.
 */
export class Unsettled extends Error {
  override readonly name = "Unsettled";
  readonly [marker] = true;
  readonly vendor: Vendor;
  /** Milliseconds until the next search. */
  readonly retryAfterMs: number;

  constructor(vendor: Vendor, retryAfterMs: number) {
    super(`${vendor}: an earlier creation may still take effect. Look again in ${retryAfterMs} ms.`);
    this.vendor = vendor;
    this.retryAfterMs = retryAfterMs;
  }

  /** Returns true for an Unsettled, also of another copy of this package. */
  static isInstance(value: unknown): value is Unsettled {
    return typeof value === "object" && value !== null && marker in value;
  }
}
