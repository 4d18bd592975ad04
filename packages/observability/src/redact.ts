import { redactNamed } from "./named-secrets.ts";
import { secretPatterns } from "./secret-patterns.ts";

// Spanish names as well: these are tools of Chilean businesses.
const secretKey =
  /pass(?:word|wd|phrase|code)|(?:^|[-_])pass$|^pwd$|contrase[ñn]a|^clave|secret|token(?!s)|(?:access|refresh|api|session)[-_]?tokens|api[-_]?key|(?:private|access|signing|encryption|role)[-_]?key|^auth$|authorization|signature|cookie|credential|session|^jwt$|^otp$|^pin$|^cv[vc]2?$|card[-_]?number|connection[-_]?string|^dsn$/i;

const camelPass = /[a-z\d]Pass$/;
const isSecretKey = (key: string) => secretKey.test(key) || camelPass.test(key);

const cardNumber = /\b\d(?:[ -]?\d){12,18}\b/g;
// By which a number is a card's, of what length (ISO/IEC 7812): without it one in ten long numbers would pass for one.
const cardIssuers =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]|2[2-7])\d{14}|3[47]\d{13}|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}|6(?:011|5\d\d|4[4-9]\d)\d{12}|(?:50|5[6-9]|6\d)\d{10,17})$/;
const rut = /\b(\d{1,2})\.?\d{3}\.?\d{3}-?[\dkK]\b/g;

const mask = "[redacted]";
const limits = { depth: 8, items: 200, text: 4_000 };

/** Blanks what looks like a secret in free text. With `ruts` also Chilean tax ids, as log lines need. */
export function redactText(text: string, { ruts = false } = {}): string {
  // More than can be stored, so that a secret at the end of that is seen whole, and no more: patterns cost by the letter.
  let clean = text.slice(0, 2 * limits.text);
  for (const { hints, pattern, isSecret } of secretPatterns)
    if (hints.some((hint) => clean.includes(hint)))
      clean = clean.replace(pattern, (found) => (isSecret?.(found) === false ? found : mask));
  clean = redactNamed(clean, mask);
  if (text.length >= 13) clean = clean.replace(cardNumber, (digits) => (isCard(digits) ? mask : digits));
  if (ruts) clean = clean.replace(rut, "$1.***.***-*");
  // Cut last: half a secret would not look like one any more.
  return clean.length > limits.text || text.length > 2 * limits.text
    ? `${clean.slice(0, limits.text)}…`
    : clean;
}

/** Converts anything that was thrown to a redacted text for a log. */
export function redactCause(cause: unknown): string {
  return redactText(cause instanceof Error ? (cause.stack ?? cause.message) : String(cause), { ruts: true });
}

/**
 * Copies any value in a form that is safe to store: secrets blanked by key and by pattern, depth, width and length bounded,
 * cycles cut. `changed` is true where the copy differs.
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
    if (typeof given === "bigint") return text(String(given));
    if (typeof given === "number") return isCard(String(given)) ? note(mask) : given;
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
    const copies = items.slice(0, limits.items).map((item) => copy(item, depth + 1));
    return items.length > copies.length
      ? note([...copies, `[${items.length - copies.length} more]`])
      : copies;
  }

  function copyFields(fields: object, depth: number) {
    const entries = Object.entries(fields);
    if (entries.length > limits.items) note(undefined);
    const named = isNamedSecret(fields);
    return Object.fromEntries(
      entries.slice(0, limits.items).map(([key, field]) => {
        const isSecret = isSecretKey(key) || (named && key === "value");
        return [
          text(key),
          isSecret && field !== null && field !== undefined ? note(mask) : copy(field, depth + 1),
        ];
      }),
    );
  }

  const result = copy(value, 0);
  return { value: result, changed };
}

/** A pair as headers and variables are listed: `{name: "Authorization", value: …}`. */
function isNamedSecret(fields: object): boolean {
  const pair = fields as { name?: unknown; key?: unknown };
  return [pair.name, pair.key].some((name) => typeof name === "string" && isSecretKey(name));
}

function isCard(text: string): boolean {
  const number = text.replace(/\D/g, "");
  if (!cardIssuers.test(number)) return false;
  const sum = [...number].reverse().reduce((total, character, index) => {
    const digit = Number(character);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return sum % 10 === 0;
}
