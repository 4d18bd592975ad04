import { generateKeyPairSync, randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import { parseEnvironment as backend } from "../apps/backend/src/env.ts";
import { readSettings as doctor } from "../apps/doctor/src/env.ts";
import { readSettings } from "../apps/local/src/env.ts";
import { parseEnvironment as stdio } from "../apps/mcp-stdio/src/env.ts";
import { parseEnvironment as monitor } from "../apps/monitor/src/env.ts";
import { parseEnvironment as web } from "../apps/web/src/env.ts";
import { databaseUrlProblem } from "../packages/core/src/settings/index.ts";

// Known invalid settings against the parsers of the programs.

type Environment = Record<string, string>;
type App = "web" | "stdio" | "backend" | "monitor" | "doctor" | "local" | "sql";

const jwt = (claims: object) =>
  ["eyJhbGciOiJIUzI1NiJ9", Buffer.from(JSON.stringify(claims)).toString("base64url"), "c2lnbmF0dXJl"].join(
    ".",
  );
const keyFor = (role: string, ref?: string) =>
  jwt({ iss: "supabase", role, ...(ref ? { ref } : {}), exp: 2e9 });
const publishable = (kind: "test" | "live", host: string) =>
  `pk_${kind}_${Buffer.from(`${host}$`).toString("base64")}`;
const secret = () => randomBytes(32).toString("base64url");
const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pem = publicKey.export({ type: "spki", format: "pem" }).toString();

const project = "abcdefghijklmnopqrst";
const supabase = {
  NEXT_PUBLIC_SUPABASE_URL: `https://${project}.supabase.co`,
  SUPABASE_SERVICE_ROLE_KEY: keyFor("service_role", project),
};
const anon = { NEXT_PUBLIC_SUPABASE_ANON_KEY: keyFor("anon", project) };
const clerk = { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishable("live", "clerk.smarterbot.cl") };
const local = {
  SMARTEROS_IDENTITY: "local",
  NEXT_PUBLIC_SUPABASE_URL: "http://127.0.0.1:54321",
  NEXT_PUBLIC_SUPABASE_ANON_KEY: "sb_publishable_x",
  SUPABASE_SERVICE_ROLE_KEY: "sb_secret_x",
};

const site: Environment = {
  ...supabase,
  ...anon,
  ...clerk,
  CLERK_SECRET_KEY: "sk_live_0123456789",
  CLERK_JWT_KEY: pem,
  CLERK_AUTHORIZED_PARTIES: "https://app.smarterbot.cl",
  FASTAPI_SECRET: secret(),
};

/** Valid settings of each program. */
const right: Record<App, Environment> = {
  web: site,
  doctor: site,
  stdio: { ...supabase, ...anon, ...clerk, SMARTEROS_ACCESS_TOKEN: "a.b.c" },
  backend: {
    ...supabase,
    FASTAPI_SECRET: secret(),
    DATABASE_URL: "postgres://postgres:pw@db.test:5432/postgres",
  },
  monitor: supabase,
  local: {},
  sql: { DATABASE_URL: "postgres://postgres:pw@db.test:5432/postgres" },
};
const localWeb: Environment = {
  ...local,
  CLERK_AUTHORIZED_PARTIES: "http://127.0.0.1:3000,http://localhost:3000",
};

const parsers: Record<App, (environment: Environment) => string[]> = {
  web: (environment) => problemsOf(web(environment)),
  stdio: (environment) => problemsOf(stdio(environment)),
  backend: (environment) => problemsOf(backend(environment)),
  monitor: (environment) => problemsOf(monitor(environment)),
  doctor: (environment) => doctor(environment).problems,
  local(environment) {
    try {
      readSettings(environment as NodeJS.ProcessEnv);
      return [];
    } catch (error) {
      return [(error as Error).message];
    }
  },
  sql({ DATABASE_URL = "" }) {
    const problem = databaseUrlProblem(DATABASE_URL);
    return problem ? [`DATABASE_URL ${problem}`] : [];
  },
};

function problemsOf(settings: { ok: true } | { ok: false; problems: string[] }): string[] {
  return settings.ok ? [] : settings.problems;
}

const all: App[] = ["web", "stdio", "backend", "monitor", "doctor"];
const withPublishableKey: App[] = ["web", "stdio", "doctor"];
const withVendors: App[] = ["backend", "monitor", "local"];

type Case = {
  what: string;
  apps: App[];
  set: Environment;
  /** The variable that the message names. */
  name: string;
  /** Matches the message's problem and remedy. */
  says: RegExp;
  from?: Environment;
};

const one = (
  what: string,
  apps: App[],
  name: string,
  value: string,
  says: RegExp,
  from?: Environment,
): Case => ({
  what,
  apps,
  set: { [name]: value },
  name,
  says,
  ...(from ? { from } : {}),
});

const supabaseUrl = "NEXT_PUBLIC_SUPABASE_URL";
const anonKey = "NEXT_PUBLIC_SUPABASE_ANON_KEY";
const serviceKey = "SUPABASE_SERVICE_ROLE_KEY";
const paths = "FASTAPI_PATHS";
const parties = "CLERK_AUTHORIZED_PARTIES";
const apiUrl = /take the API URL, https:\/\/<project ref>\.supabase\.co/;

const cases: Case[] = [
  // The kind of a key.
  one(
    "a secret key in the browser's slot",
    withPublishableKey,
    anonKey,
    "sb_secret_hunter2",
    /must never reach a browser.*sb_publishable_/,
  ),
  one(
    "a service_role JWT in the browser's slot",
    withPublishableKey,
    anonKey,
    keyFor("service_role", project),
    /must never reach a browser.*anon JWT/,
  ),
  one(
    "a publishable key in the service's slot",
    all,
    serviceKey,
    "sb_publishable_hunter2",
    /may not write.*sb_secret_/,
  ),
  one(
    "an anon JWT in the service's slot",
    all,
    serviceKey,
    keyFor("anon", project),
    /may not write.*service_role JWT/,
  ),
  one(
    "a key of another service",
    withPublishableKey,
    anonKey,
    "pk_live_hunter2hunter2",
    /must be the publishable key/,
  ),
  one("a user's token for a service key", all, serviceKey, keyFor("authenticated"), /must be the secret key/),
  one(
    "an anon key of another project",
    withPublishableKey,
    anonKey,
    keyFor("anon", "zyxwvutsrqponmlkjihg"),
    /another Supabase project.*copy both from the same/,
  ),
  one(
    "a service key of another project",
    all,
    serviceKey,
    keyFor("service_role", "zyxwvutsrqponmlkjihg"),
    /another Supabase project/,
  ),
  one(
    "a key whose issuer is another project",
    withPublishableKey,
    anonKey,
    jwt({ iss: "https://zyxwvutsrqponmlkjihg.supabase.co/auth/v1", role: "anon" }),
    /another Supabase project/,
  ),
  // The address of the project.
  one(
    "the REST URL",
    all,
    supabaseUrl,
    `https://${project}.supabase.co/rest/v1`,
    /one of its APIs: leave out the path from \/rest on/,
  ),
  one(
    "the REST URL of a custom domain",
    all,
    supabaseUrl,
    "https://db.hunter2.cl/rest/v1/",
    /leave out the path from \/rest on/,
  ),
  one("the dashboard's URL", all, supabaseUrl, `https://supabase.com/dashboard/project/${project}`, apiUrl),
  one(
    "the database's URL",
    all,
    supabaseUrl,
    `postgresql://postgres:hunter2@db.${project}.supabase.co:5432/postgres`,
    apiUrl,
  ),
  one("the database's host", all, supabaseUrl, `https://db.${project}.supabase.co`, apiUrl),
  one("the pooler's host", all, supabaseUrl, "https://aws-0-sa-east-1.pooler.supabase.com:6543", apiUrl),
  one(
    "a path on a hosted project",
    all,
    supabaseUrl,
    `https://${project}.supabase.co/hunter2`,
    /must have no path/,
  ),
  one("a host without a scheme", all, supabaseUrl, `${project}.supabase.co`, /must be an http or https URL/),
  one(
    "a query",
    all,
    supabaseUrl,
    `https://${project}.supabase.co?apikey=hunter2`,
    /no query or fragment: leave it out/,
  ),
  one(
    "a user in the URL",
    all,
    supabaseUrl,
    `https://hunter2:hunter2@${project}.supabase.co`,
    /no user or password/,
  ),
  // Secrets that would cross a network in the clear.
  one("http to Supabase", all, supabaseUrl, `http://${project}.supabase.co`, /must be an https URL/),
  one(
    "http to the backend",
    ["web", "stdio", "monitor"],
    "FASTAPI_URL",
    "http://api.hunter2.cl",
    /must be an https URL/,
  ),
  one(
    "http to a host that begins like this machine",
    ["web"],
    "FASTAPI_URL",
    "http://127.0.0.1.hunter2.cl",
    /must be an https URL/,
  ),
  one(
    "http for the backend's own address",
    ["backend"],
    "BACKEND_URL",
    "http://api.hunter2.cl",
    /must be an https URL/,
  ),
  ...["CHATWOOT_URL", "BOTPRESS_URL", "ODOO_URL", "N8N_URL", "METABASE_URL"].map((name) =>
    one("http to a vendor", withVendors, name, "http://vendor.hunter2.cl", /must be an https URL/),
  ),
  ...[
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
  ].map((name) =>
    one(
      "http to a collector",
      ["web", "stdio", "backend"],
      name,
      "http://otel.hunter2.cl:4318",
      /must be an https URL/,
    ),
  ),
  one(
    "http to Clerk",
    ["web", "stdio"],
    "CLERK_ISSUER",
    "http://clerk.smarterbot.cl",
    /must be an https URL/,
  ),
  one(
    "http to the fallback of alerts",
    ["monitor"],
    "ALERT_FALLBACK_URL",
    "http://hooks.hunter2.cl/services/x",
    /must be an https URL/,
  ),
  one(
    "a database without TLS elsewhere",
    ["backend", "sql"],
    "DATABASE_URL",
    "postgres://postgres:hunter2@db.test/postgres?sslmode=disable",
    /sslmode=require/,
  ),
  one(
    "the API for a database",
    ["backend", "sql"],
    "DATABASE_URL",
    `https://${project}.supabase.co`,
    /must be the database's own address, postgres:\/\//,
  ),
  one(
    "the dashboard's placeholder for a password",
    ["backend", "sql"],
    "DATABASE_URL",
    "postgresql://postgres:[YOUR-PASSWORD]@db.test:5432/postgres",
    /placeholder.*put the password there/,
  ),
  // One Clerk instance.
  one(
    "a test key beside a live one",
    ["web"],
    "CLERK_SECRET_KEY",
    "sk_test_hunter2",
    /is a test key and .* a live key: take both from one instance/,
  ),
  {
    what: "a live key beside a test one",
    apps: ["web"],
    set: { NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY: publishable("test", "a-b-1.clerk.accounts.dev") },
    name: "CLERK_SECRET_KEY",
    says: /is a live key and .* a test key/,
  },
  one(
    "an issuer of another instance",
    ["web", "stdio"],
    "CLERK_ISSUER",
    "https://clerk.hunter2.cl",
    /another Clerk instance/,
  ),
  one(
    "a development issuer beside a live key",
    ["web", "stdio"],
    "CLERK_ISSUER",
    "https://a-b-1.clerk.accounts.dev",
    /another Clerk instance.*leave it out/,
  ),
  one(
    "a publishable key for a secret one",
    ["web"],
    "CLERK_SECRET_KEY",
    "pk_live_hunter2",
    /is a publishable key/,
  ),
  one(
    "a secret key for a publishable one",
    ["web", "stdio"],
    "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    "sk_live_hunter2",
    /must never reach a browser/,
  ),
  one(
    "a certificate for a JWT key",
    ["web", "stdio"],
    "CLERK_JWT_KEY",
    pem.replaceAll("PUBLIC KEY", "CERTIFICATE"),
    /must be the PEM public key/,
  ),
  {
    what: "a backend without its secret",
    apps: withPublishableKey,
    set: { SMARTEROS_BACKEND_URL: "https://backend.smarterbot.cl" },
    name: "SMARTEROS_BACKEND_SECRET",
    says: /is missing: SMARTEROS_BACKEND_URL needs it/,
  },
  {
    what: "a backend that cannot verify who calls",
    apps: ["backend"],
    set: { FASTAPI_SECRET: "" },
    name: "SMARTEROS_BACKEND_SECRET",
    says: /needs it to verify who calls/,
  },
  one("a backend without encryption", ["web", "stdio"], "SMARTEROS_BACKEND_URL", "http://b.test", /https/),
  one("a removal before the deletion", ["web", "stdio", "monitor"], "DELETE_GRACE_DAYS", "-1", /at least 0/),
  // Secrets that can be guessed.
  one(
    "a short secret of the backend",
    ["web", "stdio", "backend"],
    "SMARTEROS_BACKEND_SECRET",
    "hunter2hunter2",
    /32 characters or more.*openssl rand/,
  ),
  one(
    "a short secret",
    ["web", "backend"],
    "FASTAPI_SECRET",
    "hunter2hunter2",
    /32 characters or more.*openssl rand/,
  ),
  one("one character", ["web", "backend"], "FASTAPI_SECRET", "s".repeat(40), /too regular.*openssl rand/),
  one("a short unit repeated", ["web", "backend"], "FASTAPI_SECRET", "hunter2-".repeat(6), /too regular/),
  one(
    "a count upwards",
    ["web", "backend"],
    "FASTAPI_SECRET",
    "ghijklmnopqrstuvwxyzGHIJKLMNOPQRST",
    /too regular/,
  ),
  one(
    "a placeholder",
    ["web", "backend"],
    "FASTAPI_SECRET",
    "changeme-changeme-hunter2-changeme",
    /placeholder of a manual/,
  ),
  one(
    "a manual's example",
    ["web", "backend"],
    "FASTAPI_SECRET",
    "replace-with-a-secret-of-your-own-hunter2",
    /placeholder of a manual/,
  ),
  one("a guessable secret of workflows", withVendors, "N8N_WEBHOOK_SECRET", "0".repeat(32), /too regular/),
  {
    what: "Supabase's demo secret",
    apps: ["stdio"],
    set: {
      SMARTEROS_ACCESS_TOKEN: "",
      SMARTEROS_USER_ID: "user_1",
      SUPABASE_JWT_SECRET: "super-secret-jwt-token-with-at-least-32-characters-long",
    },
    name: "SUPABASE_JWT_SECRET",
    says: /placeholder of a manual/,
  },
  // Origins.
  one(
    "a party without a scheme",
    ["web"],
    parties,
    "app.hunter2.test",
    /entry 1: it has no scheme: write https:\/\//,
  ),
  one(
    "a party without a scheme, with a port",
    ["web"],
    parties,
    "https://a.test,app.hunter2.test:8443",
    /entry 2: it has no scheme/,
  ),
  one("a wildcard", ["web"], parties, "https://*.hunter2.cl", /must not have a wildcard: list each origin/),
  one("a star", ["web"], parties, "*", /must not have a wildcard/),
  one("null", ["web"], parties, "null", /must not be null/),
  one("a party with a path", ["web"], parties, "https://app.hunter2.cl/dashboard", /must have no path/),
  one("a party by http", ["web"], parties, "http://app.hunter2.cl", /must be an https URL/),
  one("an empty party", ["web"], parties, "https://app.hunter2.cl,", /entry 2: it is empty/),
  one(
    "a public origin with local identity",
    ["web"],
    parties,
    "http://127.0.0.1:3000,https://app.hunter2.cl",
    /must be on this machine/,
    localWeb,
  ),
  // Addresses that hand out credentials.
  one(
    "the metadata service",
    ["web", "stdio", "monitor"],
    "FASTAPI_URL",
    "http://169.254.169.254/latest",
    /link-local or metadata/,
  ),
  one(
    "the metadata service by its name",
    ["web"],
    "FASTAPI_URL",
    "https://metadata.google.internal",
    /link-local or metadata/,
  ),
  one(
    "the metadata service in IPv6",
    ["web"],
    "FASTAPI_URL",
    "https://[::ffff:169.254.169.254]",
    /link-local or metadata/,
  ),
  one(
    "the host of Azure's machines",
    withVendors,
    "N8N_URL",
    "https://168.63.129.16",
    /link-local or metadata/,
  ),
  one(
    "an IPv4-compatible address",
    withVendors,
    "ODOO_URL",
    "https://[::a9fe:a9fe]",
    /link-local or metadata/,
  ),
  one(
    "an internal target of alerts",
    ["monitor"],
    "ALERT_FALLBACK_URL",
    "https://10.1.2.3/hook",
    /a host that the internet reaches/,
  ),
  one(
    "a metadata address to probe",
    ["monitor"],
    "MONITOR_URLS",
    "shop=http://169.254.169.254/",
    /pair 1: must not be a link-local/,
  ),
  // The list of the backend's paths.
  one(
    "a list that is no JSON",
    withPublishableKey,
    paths,
    "[{hunter2}]",
    /must be JSON, an array of objects/,
  ),
  one("quotes round the list", withPublishableKey, paths, `'[]'`, /must be JSON.*without quotes around it/),
  one("one entry without its array", withPublishableKey, paths, '{"method":"GET"}', /must be a JSON array/),
  one(
    "an entry without a method",
    withPublishableKey,
    paths,
    '[{"path":"/a"}]',
    /entry 1, method: must be GET/,
  ),
  one(
    "a path with a wildcard",
    withPublishableKey,
    paths,
    '[{"method":"GET","path":"/health"},{"method":"GET","path":"/*"}]',
    /entry 2, path: must have no wildcard/,
  ),
  one(
    "what has a tool of its own",
    withPublishableKey,
    paths,
    '[{"method":"POST","path":"/services/provision"}]',
    /entry 1, path: must not be below \/services: use the tools services/,
  ),
  one(
    "a schema that checks nothing",
    withPublishableKey,
    paths,
    '[{"method":"POST","path":"/a","body":{"type":"object","propertys":{}}}]',
    /entry 1, body: .*propertys/,
  ),
  one("a list without end", withPublishableKey, paths, `[${" ".repeat(70_000)}]`, /at most 65536 characters/),
  // Leftovers of pasting.
  one(
    "quotes round a URL",
    all,
    supabaseUrl,
    `"https://${project}.supabase.co"`,
    /has quotes around its value: remove them/,
  ),
  one(
    "quotes round a key",
    all,
    serviceKey,
    `'${keyFor("service_role", project)}'`,
    /has quotes around its value/,
  ),
  one(
    "a line break after a key",
    all,
    serviceKey,
    `${keyFor("service_role", project)}\n`,
    /ends with a line break: remove it/,
  ),
  one(
    "a line break after a publishable key",
    withPublishableKey,
    anonKey,
    "sb_publishable_hunter2\r\n",
    /ends with a line break/,
  ),
  one(
    "a blank before a secret",
    ["web", "backend"],
    "FASTAPI_SECRET",
    ` ${secret()}`,
    /begins or ends with a blank/,
  ),
  one("a key of two lines", withVendors, "CHATWOOT_API_TOKEN", "hunter2\nhunter2", /holds a line break/),
  one("nothing but blanks", all, supabaseUrl, "  \n", /is missing: its value is blank/),
  one(
    "quotes round the parties",
    ["web"],
    parties,
    '"https://app.hunter2.cl"',
    /has quotes around its value/,
  ),
  one(
    "quotes round Clerk's JWT key",
    ["web", "stdio"],
    "CLERK_JWT_KEY",
    `"${pem.trim()}"`,
    /has quotes around its value/,
  ),
  // The embedded default.
  one(
    "Clerk beside the embedded default",
    ["local"],
    "CLERK_SECRET_KEY",
    "sk_live_hunter2",
    /Unset CLERK_SECRET_KEY/,
  ),
];

describe("an invalid setting is rejected by name, with the remedy and without its value", () => {
  const runs = cases.flatMap((item) => item.apps.map((app) => ({ ...item, app })));
  test.each(runs)("$app: $what ($name)", ({ app, set, name, says, from }) => {
    const problems = parsers[app]({ ...(from ?? right[app]), ...set });
    const found = problems.filter((problem) => problem.includes(name));
    expect(found.join("\n")).toMatch(says);
    const values = Object.values(set).filter((value) => value.trim().length > 4);
    for (const value of ["hunter2", "zyxwvuts", ...values]) expect(problems.join("\n")).not.toContain(value);
  });

  test("missing parties are named beside any other problem", () => {
    const { CLERK_AUTHORIZED_PARTIES: _, ...others } = right.web;
    expect(parsers.web({ ...others, MCP_RATE_LIMIT: "hunter2" })).toEqual([
      expect.stringMatching(/^MCP_RATE_LIMIT is not valid/),
      "CLERK_AUTHORIZED_PARTIES is missing: outside Vercel the origin of this deployment is needed",
    ]);
  });

  test("the table has no duplicate case", () => {
    const seen = cases.map(({ name, set }) => JSON.stringify([name, set]));
    expect(new Set(seen).size).toBe(seen.length);
  });
});

const accepted: [string, App, Environment][] = [
  ...(Object.keys(right) as App[]).map((app): [string, App, Environment] => [
    "a whole environment",
    app,
    right[app],
  ]),
  ["local identity", "web", localWeb],
  ["local identity", "stdio", local],
  ["the newer keys", "web", { ...right.web, [anonKey]: "sb_publishable_x", [serviceKey]: "sb_secret_x" }],
  [
    "a project that hosts itself, whose keys name none",
    "web",
    {
      ...right.web,
      [supabaseUrl]: "https://supabase.smarterbot.cl/",
      [anonKey]: keyFor("anon"),
      [serviceKey]: keyFor("service_role"),
    },
  ],
  ["a custom domain", "web", { ...right.web, [supabaseUrl]: "https://db.smarterbot.cl" }],
  ["a Clerk proxy", "web", { ...right.web, CLERK_ISSUER: "https://app.smarterbot.cl/__clerk" }],
  ["several parties, with blanks", "web", { ...right.web, [parties]: "https://a.cl, https://b.cl:8443/" }],
  ["a backend in a private network", "web", { ...right.web, FASTAPI_URL: "https://10.0.0.5:8000/api" }],
  ["a backend on this machine", "stdio", { ...right.stdio, FASTAPI_URL: "http://[::1]:8000" }],
  [
    "a collector on this machine",
    "backend",
    { ...right.backend, OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:4318" },
  ],
  [
    "a passphrase",
    "backend",
    { ...right.backend, FASTAPI_SECRET: "un caballo verde corre sobre la cordillera" },
  ],
  ["a hex secret", "backend", { ...right.backend, FASTAPI_SECRET: "5f1e0a9c7b3d2468ace013579bdf8642" }],
  ["a webhook with a query", "monitor", { ...supabase, ALERT_FALLBACK_URL: "https://hooks.example/x?key=1" }],
  [
    "an address of the public web to probe",
    "monitor",
    { ...supabase, MONITOR_URLS: "shop=http://shop.cl/?a=1" },
  ],
  [
    "the embedded database",
    "sql",
    { DATABASE_URL: "postgres://postgres:pw@127.0.0.1:1/postgres?sslmode=disable" },
  ],
];

test.each(accepted)("%s is accepted by %s", (_what, app, environment) => {
  expect(parsers[app](environment)).toEqual([]);
});

test("every secret that the remedy makes is accepted", () => {
  for (let round = 0; round < 2_000; round += 1) {
    const made = { ...right.backend, FASTAPI_SECRET: randomBytes(32).toString("base64") };
    expect(parsers.backend(made)).toEqual([]);
  }
});
