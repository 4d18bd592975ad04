import { Worker } from "node:worker_threads";
import { describe, expect, test } from "vitest";
import { redact, redactText } from "./redact.ts";

// Put together here so that no scanner takes this file for a leak.
const a1 = (length: number) => "a1B2".repeat(Math.ceil(length / 4)).slice(0, length);
const hex = (length: number) => "0af3".repeat(Math.ceil(length / 4)).slice(0, length);
const basic = Buffer.from("user:hunter2").toString("base64");

/** Texts with the part that must be gone. */
const secrets: [string, string][] = [
  // By their name.
  ["clave: x9", "x9"],
  ["clave: x", ": x"],
  ["Clave: perrito", "perrito"],
  ["mi clave: hunter2 y el usuario es juan", "hunter2"],
  ["clave: perrito y usuario: juan", "perrito"],
  ["la clave es hunter2", "hunter2"],
  ["clave del wifi: hunter2", "hunter2"],
  ["clave_sii=hunter2", "hunter2"],
  ["Clave única: 1234", "1234"],
  ["contraseña: hunter2", "hunter2"],
  ["CONTRASEÑA=hunter2", "hunter2"],
  ["contrasena : hunter2", "hunter2"],
  ["contraseña de Juan: hunter2", "hunter2"],
  ["contrasen\u0303a: hunter2", "hunter2"],
  ["password: x", ": x"],
  ["password: hunter2", "hunter2"],
  ["password is hunter2!", "hunter2"],
  ["Password:hunter2", "hunter2"],
  ["password: hunter, user: juan", "hunter"],
  ["password: 'hunter two'", "hunter two"],
  ['clave: "hunter two"', "hunter two"],
  ["userPassword=hunter2", "hunter2"],
  ["DB_PASSWORD=hunter2", "hunter2"],
  ["pwd=hunter2;", "hunter2"],
  ["passphrase := hunter2", "hunter2"],
  ["'password' => 'hunter2'", "hunter2"],
  ['{"password":"hunter2"}', "hunter2"],
  ['{"password": 12345}', "12345"],
  ['{"a":{"clave" : "hun\\"ter2"}}', "ter2"],
  ['"{\\"password\\":\\"hunter2\\",\\"a\\":1}"', "hunter2"],
  ['"{\\\\\\"token\\\\\\": \\\\\\"hunter2\\\\\\"}"', "hunter2"],
  ["{'api_key': 'hunter2'}", "hunter2"],
  ["https://x.test/?token=x&a=1", "token=x"],
  ["token=hunter2", "hunter2"],
  ["access_token=hunter2&b=1", "hunter2"],
  ["X-Auth-Token: hunter2", "hunter2"],
  ["client_secret=hunter2", "hunter2"],
  ["secreto: hunter2", "hunter2"],
  ["aws_secret_access_key = hunter2/x", "hunter2"],
  ["api key: hunter2", "hunter2"],
  ["X-Api-Key: hunter2", "hunter2"],
  ["AccountKey=hunter2==", "hunter2"],
  ["https://x.blob.test/a?sv=1&sig=hunter2", "hunter2"],
  [`Authorization: Basic ${basic}`, basic],
  [`authorization: basic ${Buffer.from("a:b").toString("base64")}`, "YTpi"],
  [`"Authorization": "Basic ${basic}"`, basic],
  ["Authorization: Token hunter2", "hunter2"],
  ["Authorization: hunter", "hunter"],
  ["Proxy-Authorization: Digest hunter2", "hunter2"],
  ["Cookie: __session=hunter2", "hunter2"],
  [`curl -H 'Authorization: Bearer ${a1(20)}'`, a1(20)],
  // By their makers.
  [`n8n eyJ${a1(30)}.eyJ${a1(30)}.${a1(43)}`, a1(30)],
  [`n8n${"_api_"}${hex(40)}`, hex(40)],
  [`M${a1(23)}.${a1(6)}.${a1(27)}`, a1(23)],
  [`bot token mfa.${a1(40)}`, a1(40)],
  [`https://discord.com/api/webhooks/1234567890/${a1(60)}`, a1(60)],
  [`https://discordapp.com/api/v10/webhooks/1234567890/${a1(60)}`, a1(60)],
  [`xox${"p-"}123456789012-${a1(20)}`, a1(20)],
  [`xoxe.xox${"b-"}1-${a1(40)}`, a1(40)],
  [`xapp${"-"}1-A0-${a1(20)}`, a1(20)],
  [`https://hooks.slack.com/services/T0/B0/${a1(24)}`, a1(24)],
  [`https://hooks.slack.com/workflows/T0/B0/${a1(24)}`, a1(24)],
  ...["shpat", "shpca", "shppa", "shpss", "shptka"].map((kind): [string, string] => [
    `${kind}_${hex(32)}`,
    hex(32),
  ]),
  [`hf${"_"}${a1(34)}`, a1(34)],
  [`gh${"p_"}${a1(36)}`, a1(36)],
  [`github${"_pat_"}${a1(40)}`, a1(40)],
  [`glpat${"-"}${a1(20)}`, a1(20)],
  [`sk${"-proj-"}${a1(40)}`, a1(40)],
  [`sk${"-ant-api03-"}${a1(40)}`, a1(40)],
  [`sk${"_live_"}${a1(24)}`, a1(24)],
  [`rk${"_test_"}${a1(24)}`, a1(24)],
  [`whsec${"_"}${a1(32)}`, a1(32)],
  [`AK${"IA"}${"A1B2".repeat(4)}`, "A1B2A1B2"],
  [`AI${"za"}${a1(35)}`, a1(35)],
  [`GOCSPX${"-"}${a1(28)}`, a1(28)],
  [`ya29${"."}${a1(40)}`, a1(40)],
  [`SK${hex(32)}`, hex(32)],
  [`SG${"."}${a1(22)}.${a1(43)}`, a1(22)],
  [`https://api.telegram.org/bot123456789:${a1(35)}/sendMessage`, a1(35)],
  [`123456789:${a1(35)}`, a1(35)],
  [`sb${"_secret_"}${a1(30)}`, a1(30)],
  [`sbp${"_"}${hex(40)}`, hex(40)],
  [`sos${"_live_"}${a1(30)}`, a1(30)],
  [`APP_USR${"-"}${a1(30)}`, a1(30)],
  [`${hex(32)}-us21`, hex(32)],
  [`-----BEGIN ${"OPENSSH PRIVATE"} KEY-----\\nabc\\n-----END ${"OPENSSH PRIVATE"} KEY-----`, "abc"],
  [`-----BEGIN PGP ${"PRIVATE KEY"} BLOCK-----\nabc\n-----END PGP ${"PRIVATE KEY"} BLOCK-----`, "abc"],
  ["ftp://user:hunter2@x.test", "hunter2"],
  ["postgres://:hunter2@x.test/db", "hunter2"],
];

/** Texts of every day that stay as they are. */
const ordinary = [
  "La clave del éxito es escuchar al cliente.",
  "Palabras clave: contabilidad, pyme, factura",
  "Palabra clave: marketing",
  "Fecha clave: 2026-11-29",
  "El cliente clave: Los Andes SpA",
  "Olvidé mi clave, ¿cómo la cambio?",
  "La clave: escuchar siempre al cliente",
  "La clave es escuchar.",
  "Cambiar clave",
  "Autoclave: 121 grados",
  "Restablecer contraseña de la cuenta",
  "La contraseña es obligatoria.",
  "contraseña: obligatoria",
  "password: Unknown key. Leave it out.",
  "password: required",
  "token: must be a string",
  "The token is invalid.",
  "El token es inválido.",
  "tokens: 512 used of 4096",
  "Secretaria: Ana Rojas",
  "secretary: Ana",
  "Compass: north",
  "passport: blue",
  "keyboard: es",
  "monkey: 3",
  "Basic information about the business",
  "basic plan 2026",
  "the bearer of this letter",
  "task-management-system is late",
  "risk-assessment-report",
  "Reunión a las 10:30, sala 4",
  "https://smarterbot.cl/dashboard?tab=1",
  "Contacto: ana@smarterbot.cl",
  "00000000-0000-7000-8000-000000000000",
  "Pago con cookie: no",
  "Discord y Slack",
  "versión 16.4.6.1234567 del sistema",
];

describe("in free text", () => {
  test.each(secrets)("%j loses its secret, once and the second time", (text, secret) => {
    const clean = redactText(`antes ${text}\ndespués`);
    expect(clean).not.toContain(secret);
    expect(clean).toContain("[redacted]");
    expect(clean).toMatch(/^antes [\s\S]*después$/);
    expect(redactText(clean)).toBe(clean);
    expect(redact({ note: text }).changed).toBe(true);
  });

  test.each(ordinary)("%j stays", (text) => {
    expect(redactText(text)).toBe(text);
    expect(redactText(`Hola. ${text}`)).toBe(`Hola. ${text}`);
  });

  test("JSON inside a text stays JSON", () => {
    const text = JSON.stringify({ clave: 'hun"ter\\2', token: "x", api_key: "a b", note: "ok", n: 1 });
    expect(JSON.parse(redactText(text))).toEqual({
      clave: "[redacted]",
      token: "[redacted]",
      api_key: "[redacted]",
      note: "ok",
      n: 1,
    });
    const nested = JSON.stringify({ body: text });
    expect(JSON.parse(JSON.parse(redactText(nested)).body)).toMatchObject({
      clave: "[redacted]",
      note: "ok",
    });
  });

  test("a secret at the end of what is stored is seen whole", () => {
    const clean = redactText(`${"x ".repeat(1_990)}clave: ${a1(60)}`);
    expect(clean).not.toContain(a1(8));
  });
});

// A pattern that takes exponential or cubic time on one of these does not end within the minute.
const hostile = [
  "password:",
  "password: ",
  "clave: ",
  'clave:"',
  '\\"token\\":\\"',
  `${"\\".repeat(40)}"password":`,
  "a-".repeat(20),
  "://a:",
  "://",
  "eyJaaaaaaaaa.",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN A",
  "basic ",
  "bearer aaaaaaaa ",
  "1 ",
  "4",
  "sk-",
  "_",
  "authorization: basic ",
  "palabras clave",
  "clave de a a",
  "token=",
  "secret_a",
  "MMMMMMMMMMMMMMMMMMMMMMMM.MMMMMM.",
  "123456789:",
  "discord.com/api/webhooks/",
  "ñ",
  " ".repeat(64),
];

test("256 KiB of any repeated text are redacted in time, as one text and as many", async () => {
  const module = new URL("./redact.ts", import.meta.url).href;
  const worker = new Worker(
    `const { workerData, parentPort } = require("node:worker_threads");
     import(workerData.module).then(({ redact }) => {
       for (const unit of workerData.hostile) {
         const text = unit.repeat(Math.ceil(262_144 / unit.length));
         redact({ text, texts: text.match(/[^]{1,7000}/g) });
         parentPort.postMessage(unit);
       }
     });`,
    { eval: true, workerData: { module, hostile } },
  );
  const done: string[] = [];
  worker.on("message", (unit) => done.push(unit));
  const kill = setTimeout(() => worker.terminate(), 90_000);
  await new Promise((resolve) => worker.once("exit", resolve));
  clearTimeout(kill);
  expect(done).toEqual(hostile);
}, 120_000);
