import fc from "fast-check";

const encodeAll = (text: string) =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
const pieces = fc.oneof(
  fc.constantFrom("/health", "/tenants", "/services/status", "/", "//", "\\", "..", ".", "/..", "/."),
  fc.constantFrom(
    "@",
    "?",
    "#",
    ";",
    ":",
    "%",
    "%25",
    "%2e",
    "%2f",
    "%5c",
    "%00",
    "%0d%0a",
    "%c0%ae",
    "%c0%af",
  ),
  fc.constantFrom(
    "\r\n",
    "\n",
    "\t",
    "\0",
    " ",
    "\u2028",
    "\uff0f",
    "\u2215",
    "\u2044",
    "\uff0e",
    "\u2024",
    "\ud800",
  ),
  fc.constantFrom(
    "http:",
    "https://",
    "evil.test",
    "localhost",
    "127.0.0.1",
    "169.254.169.254",
    "[::1]",
    "user:pw@",
  ),
  fc.string({ maxLength: 6, unit: "binary" }),
);
const disguise = fc.constantFrom<(text: string) => string>(
  (text) => text,
  (text) => encodeAll(text),
  (text) => encodeAll(encodeAll(text)),
  (text) => encodeURIComponent(text.toWellFormed()),
  (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  (text) => text.toUpperCase(),
  (text) => `${text}/`,
  (text) => text.replaceAll("/", "\\"),
  (text) => text.normalize("NFKD"),
);
/** Paths as an attacker writes them: plain ones, pieces that parsers read differently, and plain ones with a piece slipped in. */
export const hostilePath = (plain: fc.Arbitrary<string>) =>
  fc.oneof(
    { weight: 1, arbitrary: plain },
    {
      weight: 10,
      arbitrary: fc
        .array(fc.tuple(pieces, disguise), { minLength: 1, maxLength: 5 })
        .map((parts) => parts.map(([text, change]) => change(text)).join("")),
    },
    {
      // An allowed path with something slipped in.
      weight: 10,
      arbitrary: fc
        .tuple(plain, fc.nat(50), pieces, disguise)
        .map(([path, at, piece, change]) => path.slice(0, at) + change(piece) + path.slice(at)),
    },
  );
