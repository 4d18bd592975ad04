// A secret after its name in free text: `clave: x`, `DB_PASSWORD=x`, `"apiKey": "x"`, also as JSON inside JSON,
// `Authorization: Basic x`. In prose the value has to look like one: `clave` is an everyday word in Spanish.

const names = [
  "pass(?:word|wd|phrase|code)",
  String.raw`(?<!\p{L})pwd`,
  String.raw`contrase(?:ñ|n|n\u0303|\\u00f1)a`,
  String.raw`(?<!\p{L})(?<!\b(?:palabra|punto|persona|fecha|idea|concepto|dato|indicador|cliente|factor|tema|aspecto)(?:e?s)? )clave(?: única| unica)?`,
  "secreto?",
  "token",
  "api[-_ ]?key",
  "(?:access|private|signing|encryption|role|account)[-_ ]?key",
  String.raw`(?:^|(?<=[\s"'\\{,;-]))(?:proxy-)?authorization`,
  String.raw`(?:^|(?<=[\s"'\\{,;-]))(?:set-)?cookie`,
  "(?<=[?&;])(?:sig|signature|code)",
].join("|");
const suffix = String.raw`(?:[-_][\p{L}\d]{1,20}){0,2}(?: (?:de|del|para|of|for) [\p{L}\d.-]{1,20}(?: [\p{L}\d.-]{1,20})?)?`;
const separator = String.raw`["'\x60\\\])]{0,8}[ \t]{0,4}(?::=|=>|[:=]|(?<= )(?:es|is)(?= ))[ \t\n]{0,4}`;
const quoted = String.raw`(?:"(?:\\.|[^"\\\n])+|'(?:\\.|[^'\\\n])+|(?<mark>\\{1,7}["'])(?:(?!(?<!\\)\k<mark>)[^\n])+)`;
const scheme = String.raw`(?:(?:basic|bearer|token|digest|bot|apikey|negotiate)[ \t]{1,4})?`;
const named = new RegExp(
  `((?:${names})(?![\\p{L}\\d])${suffix}${separator})(${quoted}|${scheme}[^\\s&"',;|<>]+)`,
  "giu",
);
const hint = /pass|pwd|contrase|clave|secret|token|key|authorization|cookie|[?&;](?:sig|code)/i;

// Words that a message has in place of a secret.
const remark =
  /^(?:required|missing|invalid|unknown|incorrect|wrong|expired|empty|optional|string|number|boolean|true|false|null|undefined|none|yes|no|s[ií]|obligatori[ao]|requerid[ao]|inv[aá]lid[ao]|incorrect[ao]|vencid[ao]|vac[ií][ao]|\[redacted\]|\*+)$/i;

/** Blanks what follows the name of a secret, where it is a value and not the next word of a sentence. */
export function redactNamed(text: string, mask: string): string {
  if (!hint.test(text)) return text;
  return text.replace(named, (found: string, lead: string, value: string, _mark: unknown, offset: number) => {
    if (value.startsWith(mask)) return found;
    const opening = /^(?:\\{0,7}["'])/.exec(value)?.[0];
    if (opening !== undefined) return value === `${opening}${mask}` ? found : lead + opening + mask;
    const word = value.replace(/[.!?)}\]]+$/, "");
    const rest = value.slice(word.length) + text.slice(offset + found.length, offset + found.length + 40);
    if (word === "" || remark.test(word) || !isValue(lead, word, rest)) return found;
    return lead + mask + value.slice(word.length);
  });
}

/** Returns whether the word after a name and a separator is its value. */
function isValue(lead: string, word: string, rest: string): boolean {
  if (/=[ \t\n]*$/.test(lead)) return true;
  if (/(?:authorization|cookie)["'\\]*[ \t]*:\s*$/i.test(lead)) return true;
  if (/\d/.test(word) || /[^\p{L}\d]/u.test(word) || /\p{Ll}\p{Lu}/u.test(word)) return true;
  if (/\s(?:es|is)\s+$/i.test(lead)) return false;
  // The last word of its line, or one in a list of such pairs.
  return /^[.!?)}\]]*(?:\s*$|\s*\n|[,;|&]|\s(?:y|e|and|usuario|user)\s)/i.test(rest);
}
