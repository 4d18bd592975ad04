import { randomInt } from "node:crypto";

/** A RUT that nobody else here uses, in its stored form, with the check digit by modulo 11. */
export function newRut(): string {
  const body = randomInt(1_000_000, 99_999_999);
  let sum = 0;
  for (let rest = body, factor = 2; rest > 0; rest = Math.floor(rest / 10)) {
    sum += (rest % 10) * factor;
    factor = factor === 7 ? 2 : factor + 1;
  }
  const digit = 11 - (sum % 11);
  return `${body}-${digit === 11 ? "0" : digit === 10 ? "K" : digit}`;
}
