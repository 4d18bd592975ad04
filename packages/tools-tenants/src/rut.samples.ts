/** A check digit by the official weights 2 to 7 (SII), written apart from the library that the product uses. */
export function checkDigit(body: number): string {
  const weighted = [...String(body)]
    .reverse()
    .reduce((sum, digit, index) => sum + Number(digit) * (2 + (index % 6)), 0);
  const rest = 11 - (weighted % 11);
  return rest === 11 ? "0" : rest === 10 ? "K" : String(rest);
}

/** A valid RUT in stored form, from a range so wide that two tests do not meet. */
export function randomRut(): string {
  const body = 1_000_000 + Math.floor(Math.random() * 98_999_999);
  return `${body}-${checkDigit(body)}`;
}
