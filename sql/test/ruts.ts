/**
 * Computes the check digit by another algorithm for modulo 11: from the left with s = (s + digit * weight), as in the
 * civil registry's own program. Written independently of the SQL.
 */
export function checkDigit(body: number): string {
  let sum = 1;
  let place = 0;
  for (let rest = body; rest > 0; rest = Math.floor(rest / 10)) {
    sum = (sum + (rest % 10) * (9 - (place % 6))) % 11;
    place += 1;
  }
  return sum > 0 ? String(sum - 1) : "K";
}

/** Returns a random valid RUT in its stored form. */
export function anyRut(): string {
  const body = 1_000_000 + Math.floor(Math.random() * 98_999_999);
  return `${body}-${checkDigit(body)}`;
}
