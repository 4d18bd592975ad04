import { anyRut } from "../../sql/test/ruts.ts";
import { type Deployment, jwtKey, projectUrl, publishableKey } from "./deployment.ts";

type Environment = Record<string, string>;

/** One harmful setting or omission, and the finding that the doctor must report. */
export type Case = {
  what: string;
  /** The changed environment variables; an empty value omits one. */
  set?: (deployment: Deployment) => Environment | Promise<Environment>;
  /** Breaks a part of the deployment; resolves to a function that restores it. */
  breaks?: (deployment: Deployment) => Promise<() => Promise<unknown>>;
  code: string;
  /** Matches the finding and its remedy. */
  says: RegExp;
  /** Further findings with the same cause. */
  also?: string[];
};

const url = "NEXT_PUBLIC_SUPABASE_URL";
const anonKey = "NEXT_PUBLIC_SUPABASE_ANON_KEY";
const serviceKey = "SUPABASE_SERVICE_ROLE_KEY";
const parties = "CLERK_AUTHORIZED_PARTIES";
const token = "SMARTEROS_ACCESS_TOKEN";

const setting = (what: string, name: string, value: string, says: RegExp): Case => ({
  what,
  set: () => ({ [name]: value }),
  code: "setting_not_valid",
  says,
});
const session = (what: string, claims: Record<string, unknown>, code: string, says: RegExp): Case => ({
  what,
  set: async ({ tokenWith }) => ({ [token]: await tokenWith(claims) }),
  code,
  says,
});

/** The 31 settings and omissions that have caused harm. */
export const cases: Case[] = [
  // Supabase: addresses and keys.
  setting(
    "the REST URL for the project's",
    url,
    `${projectUrl}/rest/v1`,
    /leave out the path from \/rest on/,
  ),
  setting(
    "the dashboard's URL for the project's",
    url,
    "https://supabase.com/dashboard/project/abcdefghijklmnopqrst",
    /dashboard: take the API URL/,
  ),
  setting("a service key in the anon slot", anonKey, "sb_secret_hunter2", /must never reach a browser/),
  setting(
    "an anon key in the service slot",
    serviceKey,
    "sb_publishable_hunter2",
    /may not write.*sb_secret_/,
  ),
  {
    what: "an anon key that names another project",
    set: () => ({ [url]: projectUrl, [anonKey]: jwtKey("anon", "zyxwvutsrqponmlkjihg") }),
    code: "setting_not_valid",
    says: /another Supabase project.*copy both from the same project/,
    also: ["supabase_key_refused"],
  },
  {
    what: "an anon key that Supabase does not know",
    set: () => ({ [anonKey]: "sb_publishable_hunter2" }),
    code: "supabase_key_refused",
    says: /NEXT_PUBLIC_SUPABASE_ANON_KEY.*another project.*Copy the publishable key again/,
  },
  {
    what: "a service key that Supabase does not know",
    set: () => ({ [serviceKey]: "sb_secret_hunter2" }),
    code: "service_key_refused",
    says: /SUPABASE_SERVICE_ROLE_KEY.*Copy the secret key again/,
  },
  {
    what: "no service key",
    set: () => ({ [serviceKey]: "" }),
    code: "service_key_missing",
    says: /Set SUPABASE_SERVICE_ROLE_KEY/,
  },
  {
    what: "a project without our schema",
    set: ({ far }) => ({ [url]: far.withoutSchema.url }),
    code: "schema_missing",
    says: /npm run db:apply/,
  },
  {
    what: "no signing key",
    set: () => ({ SUPABASE_JWT_PRIVATE_KEY: "" }),
    code: "signing_key_missing",
    says: /API keys, remote MCP, agents.*SUPABASE_JWT_PRIVATE_KEY/,
  },
  // Clerk: keys, origins and tokens.
  setting(
    "a live secret key beside a test key",
    "NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY",
    publishableKey("test"),
    /CLERK_SECRET_KEY.*is a live key.*take both from one instance/,
  ),
  setting("a party without a scheme", parties, "app.hunter2.test", /entry 1: it has no scheme: write https/),
  setting(
    "a wildcard among the parties",
    parties,
    "https://*.hunter2.test",
    /must not have a wildcard: list each origin/,
  ),
  {
    what: "parties without the site's own origin",
    set: () => ({ WEB_URL: "https://second.hunter2.test" }),
    code: "own_origin_missing",
    says: /own origin.*Add the origin .* to CLERK_AUTHORIZED_PARTIES/,
  },
  session(
    "a token of a second domain",
    { azp: "https://second.hunter2.test" },
    "session_azp_foreign",
    /azp.*for each domain/,
  ),
  session("a token without azp", { azp: undefined }, "session_azp_missing", /CLERK_ALLOW_MISSING_AZP=true/),
  session(
    "a token without role",
    { role: undefined },
    "session_role_missing",
    /Activate Clerk's Supabase integration/,
  ),
  {
    what: "a Clerk instance that Supabase does not know",
    set: async ({ far, foreignToken }) => ({
      CLERK_ISSUER: far.clerk.url,
      CLERK_JWT_KEY: "",
      [token]: await foreignToken(),
    }),
    code: "third_party_auth_missing",
    says: /Third-party auth/,
  },
  {
    what: "an open sign-up that grants the role of operators",
    set: () => ({ DEFAULT_ROLE: "operator" }),
    code: "default_role_open",
    says: /any user who signs up.*DEFAULT_ROLE=none/,
  },
  // The backend.
  setting("http to the backend's host", "FASTAPI_URL", "http://api.hunter2.test", /must be an https URL/),
  {
    what: "a backend that is not there",
    set: ({ nowhere }) => ({ FASTAPI_URL: nowhere }),
    code: "backend_unreachable",
    says: /does not respond.*Start it, and check FASTAPI_URL/,
  },
  {
    what: "another secret than the backend's",
    set: () => ({ FASTAPI_SECRET: "Zt4Lm8Qw1Xc6Vb0Ny3Rk7Pj2Hd9Gf5Sa" }),
    code: "backend_secret_refused",
    says: /FASTAPI_SECRET differs.*the same value in both/,
  },
  {
    what: "a backend that lacks paths of the allow-list",
    set: ({ far }) => ({ FASTAPI_URL: far.oldBackend.url }),
    code: "backend_paths_missing",
    says: /lacks.*GET \/tenants, GET \/chatwoot\/inbox.*leave these paths out/,
  },
  // Switches.
  {
    what: "the master switch by another word than true",
    set: () => ({ MCP_ENABLED: "TRUE" }),
    code: "mcp_disabled",
    says: /Set MCP_ENABLED=true/,
  },
  {
    what: "no audit log",
    set: () => ({ MCP_LOG_DB: "" }),
    code: "audit_not_stored",
    says: /Set MCP_LOG_DB=true/,
  },
  // Services that run or are missing.
  {
    what: "clocks that are apart",
    set: ({ far }) => ({ [url]: far.late.url }),
    code: "clock_skew",
    says: /Supabase is (?:89|90|91) s behind.*NTP/,
  },
  {
    what: "a database that is older than the code",
    breaks: async ({ sql }) => {
      const [last] = await sql`
        delete from smarteros.migrations where version = (select max(version) from smarteros.migrations) returning *`;
      return () => sql`insert into smarteros.migrations ${sql(last ?? {})}`;
    },
    code: "database_older",
    says: /older than the code.*not applied: 1, .*db:apply/,
  },
  {
    what: "a database that is newer than the code",
    breaks: async ({ sql }) => {
      await sql`insert into smarteros.migrations (version, name, sha256) values ('9999', '9999_later', 'x')`;
      return () => sql`delete from smarteros.migrations where version = '9999'`;
    },
    code: "database_newer",
    says: /newer than the code.*9999_later.*Deploy the version/,
  },
  {
    what: "no partition for tomorrow",
    breaks: async ({ sql }) => {
      const tomorrow = new Date(Date.now() + 86_400_000).toISOString().slice(0, 10);
      const [partition] = await sql<{ name: string; bound: string }[]>`
        select c.oid::regclass::text as name, pg_get_expr(c.relpartbound, c.oid) as bound
        from pg_inherits join pg_class c on c.oid = inhrelid
        where inhparent = 'public.mcp_invocations'::regclass
          and pg_get_expr(c.relpartbound, c.oid) like ${`FOR VALUES FROM ('${tomorrow}%`}`;
      if (!partition) throw new Error("there is no partition for tomorrow");
      const { name, bound } = partition;
      await sql.unsafe(`alter table public.mcp_invocations detach partition ${name}`);
      return () => sql.unsafe(`alter table public.mcp_invocations attach partition ${name} ${bound}`);
    },
    code: "partitions_missing",
    says: /no partition for \d{4}-\d\d-\d\d: .*ensure_partitions/,
  },
  {
    what: "a monitor that is silent",
    breaks: async ({ sql }) => {
      await sql`update public.external_health set created_at = created_at - interval '16 minutes'`;
      return () => sql`update public.external_health set created_at = created_at + interval '16 minutes'`;
    },
    code: "monitor_silent",
    says: /15 minutes.*smarteros-monitor/,
  },
  {
    what: "a backend of services that is not there",
    set: ({ nowhere, environment }) => ({
      SMARTEROS_BACKEND_URL: nowhere,
      SMARTEROS_BACKEND_SECRET: environment.FASTAPI_SECRET ?? "",
    }),
    code: "services_backend_unreachable",
    says: /does not respond.*or unset it/,
  },
  {
    what: "another secret than that of the backend of services",
    set: ({ backend }) => ({
      SMARTEROS_BACKEND_URL: backend.url,
      SMARTEROS_BACKEND_SECRET: "Zt4Lm8Qw1Xc6Vb0Ny3Rk7Pj2Hd9Gf5Sa",
    }),
    code: "services_backend_secret_refused",
    says: /SMARTEROS_BACKEND_SECRET differs.*its BACKEND_URL/,
  },
  {
    what: "changes of tenants that failed too often",
    breaks: async ({ sql }) => {
      await sql`
        with made as (
          insert into public.tenants (rut, business_name, clerk_user_id)
          values (${anyRut()}, 'Demo Ltda', 'user_doctor') returning id
        )
        insert into public.tenant_events (type, tenant_id, payload, attempts)
        select 'service.enabled', id, '{}', 5 from made`;
      return () => sql`update public.tenant_events set processed_at = now() where processed_at is null`;
    },
    code: "events_exhausted",
    says: /five times.*: 1\..*services\.reconcile with repair/,
  },
  {
    what: "no worker",
    breaks: async ({ sql }) => {
      await sql`update public.provision_workers set seen_at = seen_at - interval '1 hour'`;
      return () => sql`update public.provision_workers set seen_at = now()`;
    },
    code: "worker_missing",
    says: /No worker.*Start apps\/backend/,
  },
];

/** Further findings of the doctor. */
export const others: Case[] = [
  { what: "no project", set: () => ({ [url]: "" }), code: "setting_missing", says: /Set it: the API URL/ },
  {
    what: "no parties",
    set: () => ({ [parties]: "" }),
    code: "setting_missing",
    says: /CLERK_AUTHORIZED_PARTIES is missing.*outside Vercel the origin/,
  },
  {
    what: "a project that is not there",
    set: ({ nowhere }) => ({ [url]: nowhere }),
    code: "supabase_unreachable",
    says: /not paused/,
  },
  {
    what: "a project that fails",
    set: ({ far }) => ({ [url]: far.failing.url }),
    code: "supabase_failing",
    says: /status 500/,
  },
  {
    what: "a backend of services that fails",
    set: ({ far, environment }) => ({
      SMARTEROS_BACKEND_URL: far.failing.url,
      SMARTEROS_BACKEND_SECRET: environment.FASTAPI_SECRET ?? "",
    }),
    code: "services_backend_failing",
    says: /SMARTEROS_BACKEND_URL.*status 500/,
  },
  {
    what: "a website for a project",
    set: ({ far }) => ({ [url]: far.website.url }),
    code: "supabase_not_an_api",
    says: /Take the API URL/,
  },
  {
    what: "an identity provider that is not there",
    set: ({ nowhere }) => ({ CLERK_ISSUER: nowhere, CLERK_JWT_KEY: "", [token]: "" }),
    code: "identity_keys_unreachable",
    says: /CLERK_ISSUER/,
    also: ["session_not_checked"],
  },
  {
    what: "a JWT key of another Clerk instance",
    set: ({ far }) => ({ CLERK_ISSUER: far.clerk.url, [token]: "" }),
    code: "clerk_jwt_key_foreign",
    says: /same instance/,
    also: ["session_not_checked"],
  },
  {
    what: "no session token",
    set: () => ({ [token]: "" }),
    code: "session_not_checked",
    says: /SMARTEROS_ACCESS_TOKEN/,
  },
  session("an expired token", { exp: 1_700_000_000 }, "session_expired", /about a minute.*fresh one/),
  session("a token of another issuer", { iss: "https://hunter2.test" }, "session_refused", /issuer/),
  {
    what: "a token that another key signed",
    set: ({ foreignPem }) => ({ CLERK_JWT_KEY: foreignPem }),
    code: "session_refused",
    says: /signature/,
  },
  session(
    "a token without metadata",
    { metadata: undefined },
    "session_metadata_missing",
    /public_metadata}}"}/,
  ),
  {
    what: "a backend that fails",
    set: ({ far }) => ({ FASTAPI_URL: far.failing.url }),
    code: "backend_failing",
    says: /status 500/,
  },
  {
    what: "no secret for the backend",
    set: () => ({ FASTAPI_SECRET: "" }),
    code: "backend_secret_missing",
    says: /Set FASTAPI_SECRET/,
  },
  {
    what: "no connection string",
    set: () => ({ DATABASE_URL: "" }),
    code: "database_not_checked",
    says: /not checked without DATABASE_URL/,
  },
  {
    what: "a database that is not there",
    set: ({ nowhere }) => ({ DATABASE_URL: `postgres://hunter2:hunter2@${nowhere.slice(7)}/postgres` }),
    code: "database_unreachable",
    says: /ECONNREFUSED/,
  },
  {
    what: "an edited migration",
    breaks: async ({ sql }) => {
      const [first] = await sql`select * from smarteros.migrations order by version limit 1`;
      const { version, sha256 } = first ?? {};
      await sql`update smarteros.migrations set sha256 = 'edited' where version = ${version}`;
      return () => sql`update smarteros.migrations set sha256 = ${sha256} where version = ${version}`;
    },
    code: "database_edited",
    says: /edited after they were applied: 1, /,
  },
];
