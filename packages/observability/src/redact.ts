const secretKey =
  /pass(word|wd|phrase)?$|secret|token|api[-_]?key|private[-_]?key|access[-_]?key|authorization|cookie|credential|session|^jwt$|^otp$|^pin$|^cvv$/i;

const secretPatterns = [
  /eyJ[\w-]{8,}(?:\.[\w-]*){0,2}/g, // JSON Web Tokens, also cut ones
  /\b(?:bearer|basic)\s+[\w.~+/=-]{8,}/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /\b(?:sk|pk|rk|ak|mt|oat|whsec|ghp|gho|xox[abprs]|sb_secret|mb|bp_pat)_[\w-]{12,}/g, // keys by their vendors' prefixes
  /\bAKIA[0-9A-Z]{16}\b/g,
  /(?<=:\/\/)[^\s/@:]+:[^\s/@]+(?=@)/g, // user:password in a URL
];
const cardNumber = /\b\d(?:[ -]?\d){12,18}\b/g;
const rut = /\b(\d{1,2})\.?\d{3}\.?\d{3}-?[\dkK]\b/g;

const mask = "[redacted]";
const limits = { depth: 8, items: 200, text: 4_000 };

/** Blanks what looks like a secret in free text. With `ruts` also Chilean tax ids, as log lines need. */
export function redactText(text: string, { ruts = false } = {}): string {
  let clean = text;
  for (const pattern of secretPatterns) clean = clean.replace(pattern, mask);
  clean = clean.replace(cardNumber, (digits) => (passesLuhn(digits) ? mask : digits));
  if (ruts) clean = clean.replace(rut, "$1.***.***-*");
  // Cut last: half a secret would not look like one any more.
  return clean.length > limits.text ? `${clean.slice(0, limits.text)}…` : clean;
}

/** What was thrown, as a log may show it. */
export function redactCause(cause: unknown): string {
  return redactText(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), { ruts: true });
}

/**
 * A copy of any value that is safe to store: secrets blanked by key and by pattern, depth, width and length bounded,
 * cycles cut. `changed` tells whether the copy differs.
 */
export function redact(value: unknown): { value: unknown; changed: boolean } {
  let changed = false;
  const note = <Result>(result: Result): Result => {
    changed = true;
    return result;
  };
  const parents = new Set<object>();

  function text(given: string): string {
    const clean = redactText(given);
    return clean === given ? given : note(clean);
  }

  function copy(given: unknown, depth: number): unknown {
    if (typeof given === "string") return text(given);
    if (typeof given === "bigint") return String(given);
    if (typeof given !== "object" || given === null)
      return typeof given === "function" ? note("[function]") : given;
    if (given instanceof Date) return Number.isNaN(given.getTime()) ? null : given.toISOString();
    if (parents.has(given)) return note("[circular]");
    if (depth >= limits.depth) return note("[too deep]");
    parents.add(given);
    const result = Array.isArray(given) ? copyItems(given, depth) : copyFields(given, depth);
    parents.delete(given);
    return result;
  }

  function copyItems(items: unknown[], depth: number) {
    const kept = items.slice(0, limits.items).map((item) => copy(item, depth + 1));
    return items.length > kept.length ? note([...kept, `[${items.length - kept.length} more]`]) : kept;
  }

  function copyFields(fields: object, depth: number) {
    const entries = Object.entries(fields);
    if (entries.length > limits.items) note(undefined);
    return Object.fromEntries(
      entries
        .slice(0, limits.items)
        .map(([key, field]) => [
          text(key),
          secretKey.test(key) && field !== null && field !== undefined ? note(mask) : copy(field, depth + 1),
        ]),
    );
  }

  const result = copy(value, 0);
  return { value: result, changed };
}

function passesLuhn(text: string): boolean {
  const digits = [...text]
    .filter((character) => character >= "0" && character <= "9")
    .map(Number)
    .reverse();
  const sum = digits.reduce((total, digit, index) => {
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return digits.length >= 13 && sum % 10 === 0;
}
