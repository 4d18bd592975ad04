/** `error`: something does not work. `warning`: it works, and should not stay so. `info`: good to know. */
export type Severity = "error" | "warning" | "info";

/** A check's finding and its remedy. Neither text holds a value of a setting. */
export type Finding = { code: FindingCode; severity: Severity; what: string; remedy: string };

type Entry = { severity: Severity; what: string; remedy: string };

const apiKeys = "Project Settings → API keys";

/** Lists every finding by its code, which does not change. `{name}` is replaced by what differs between findings. */
export const findingTable = {
  setting_missing: { severity: "error", what: "{name} is missing.", remedy: "Set it: {why}." },
  setting_not_valid: { severity: "error", what: "{name} is not valid.", remedy: "Correct it: {why}." },
  mcp_disabled: {
    severity: "warning",
    what: "MCP_ENABLED is not true: every call of a tool is refused with mcp_disabled.",
    remedy: "Set MCP_ENABLED=true.",
  },
  audit_not_stored: {
    severity: "info",
    what: "MCP_LOG_DB is not true: calls are in the log and not in the audit log.",
    remedy: "Set MCP_LOG_DB=true.",
  },
  service_key_missing: {
    severity: "warning",
    what: "SUPABASE_SERVICE_ROLE_KEY is missing: audit rows are the users' own (self), and neither monitor nor worker can be looked up.",
    remedy: `Set SUPABASE_SERVICE_ROLE_KEY to the secret key of ${apiKeys}, on servers alone.`,
  },
  signing_key_missing: {
    severity: "info",
    what: "SUPABASE_JWT_PRIVATE_KEY is missing: what mints tokens for a user is absent (API keys, remote MCP, agents, smarteros-mcp for a user id).",
    remedy:
      "Where you want them, import a signing key into Supabase (Project Settings → JWT keys) and set SUPABASE_JWT_PRIVATE_KEY to it.",
  },
  default_role_open: {
    severity: "warning",
    what: "DEFAULT_ROLE is operator: any user who signs up may create tenants.",
    remedy: "Set DEFAULT_ROLE=none, or restrict sign-up in Clerk (User & authentication → Restrictions).",
  },
  own_origin_missing: {
    severity: "error",
    what: "The site's own origin is not among CLERK_AUTHORIZED_PARTIES: its users get 401.",
    remedy: "Add the origin at which users open the site to CLERK_AUTHORIZED_PARTIES.",
  },
  identity_keys_unreachable: {
    severity: "error",
    what: "The public keys of the identity provider cannot be read: no session token can be verified.",
    remedy:
      "Check NEXT_PUBLIC_CLERK_PUBLISHABLE_KEY (or CLERK_ISSUER) and outgoing connections, or set CLERK_JWT_KEY.",
  },
  clerk_jwt_key_foreign: {
    severity: "error",
    what: "CLERK_JWT_KEY is not a key of the Clerk instance that the settings name.",
    remedy:
      "Copy the JWKS public key (PEM) again from API keys of the same instance, or leave CLERK_JWT_KEY out.",
  },
  supabase_unreachable: {
    severity: "error",
    what: "Nothing responds at NEXT_PUBLIC_SUPABASE_URL.",
    remedy:
      "Check the URL under Project Settings → API, that the project is not paused, and outgoing connections.",
  },
  supabase_failing: {
    severity: "error",
    what: "Supabase responds with status {status}.",
    remedy: "Look at the project's status and logs in the Supabase dashboard.",
  },
  supabase_not_an_api: {
    severity: "error",
    what: "What responds at NEXT_PUBLIC_SUPABASE_URL is not Supabase's REST API.",
    remedy: "Take the API URL, https://<project ref>.supabase.co, from Project Settings → API.",
  },
  supabase_key_refused: {
    severity: "error",
    what: "Supabase refuses NEXT_PUBLIC_SUPABASE_ANON_KEY: it is of another project, or was revoked.",
    remedy: `Copy the publishable key again from ${apiKeys} of the project at NEXT_PUBLIC_SUPABASE_URL.`,
  },
  service_key_refused: {
    severity: "error",
    what: "Supabase refuses SUPABASE_SERVICE_ROLE_KEY: it is of another project, or was revoked.",
    remedy: `Copy the secret key again from ${apiKeys} of the project at NEXT_PUBLIC_SUPABASE_URL.`,
  },
  schema_missing: {
    severity: "error",
    what: "The database does not have the functions of SmarterOS, or Supabase does not know them yet.",
    remedy: "Run npm run db:apply with DATABASE_URL, or paste sql/schema.sql into the SQL editor.",
  },
  session_not_checked: {
    severity: "info",
    what: "Session tokens are not checked without one.",
    remedy:
      "Set SMARTEROS_ACCESS_TOKEN to a fresh token (await Clerk.session.getToken() on the site), or open /api/health?deep=1 as an administrator.",
  },
  session_expired: {
    severity: "error",
    what: "The session token that was given has expired; Clerk's last about a minute.",
    remedy: "Run the doctor again with a fresh one: SMARTEROS_ACCESS_TOKEN=$(your token command).",
  },
  session_refused: {
    severity: "error",
    what: "The session token is not one of this identity provider: its issuer or its signature differs.",
    remedy:
      "Take the token from the site that these settings belong to, and the keys of one Clerk instance for all programs.",
  },
  session_azp_missing: {
    severity: "error",
    what: "Session tokens name no site (no claim azp), as those that are made for programs do: they get 401.",
    remedy: "Use tokens that were made on the site, or set CLERK_ALLOW_MISSING_AZP=true for machine tokens.",
  },
  session_azp_foreign: {
    severity: "error",
    what: "Session tokens are made for an origin (claim azp) that CLERK_AUTHORIZED_PARTIES does not list: they get 401.",
    remedy:
      "Add the origin at which users sign in to CLERK_AUTHORIZED_PARTIES, for each domain that serves the site.",
  },
  session_role_missing: {
    severity: "error",
    what: "Session tokens carry no claim role, so that the database treats each user as anonymous: every call gets 403.",
    remedy: "Activate Clerk's Supabase integration (Integrations → Supabase), then sign in again.",
  },
  session_metadata_missing: {
    severity: "warning",
    what: "Session tokens carry no claim metadata: every user has the default role, and roles in public metadata have no effect.",
    remedy: 'Add {"metadata": "{{user.public_metadata}}"} in Clerk under Sessions → Customize session token.',
  },
  third_party_auth_missing: {
    severity: "error",
    what: "Supabase refuses session tokens: it does not know the identity provider.",
    remedy:
      "Add your Clerk domain in Supabase under Authentication → Third-party auth, for the instance of your keys.",
  },
  backend_unreachable: {
    severity: "error",
    what: "The backend at FASTAPI_URL does not respond to GET /health.",
    remedy: "Start it, and check FASTAPI_URL and outgoing connections.",
  },
  backend_failing: {
    severity: "error",
    what: "The backend at FASTAPI_URL responds to GET /health with status {status}.",
    remedy: "Look at the backend's log, and whether FASTAPI_URL is its address.",
  },
  backend_secret_missing: {
    severity: "error",
    what: "The backend requires a signed assertion, and FASTAPI_SECRET is missing here.",
    remedy: "Set FASTAPI_SECRET to the same value here and in the backend.",
  },
  backend_secret_refused: {
    severity: "error",
    what: "The backend refuses our assertion: FASTAPI_SECRET differs, or its BACKEND_URL is not the origin of FASTAPI_URL.",
    remedy:
      "Set FASTAPI_SECRET to the same value in both programs, and BACKEND_URL of the backend to the origin of FASTAPI_URL.",
  },
  backend_paths_missing: {
    severity: "warning",
    what: "The backend's /openapi.json lacks what fastapi.get and fastapi.post may call: {paths}.",
    remedy: "Update the backend, or leave these paths out of the allow-list.",
  },
  services_backend_unreachable: {
    severity: "error",
    what: "The backend at SMARTEROS_BACKEND_URL does not respond to GET /health: services.* and n8n.* fail.",
    remedy: "Start it and check SMARTEROS_BACKEND_URL, or unset it: they then go through Supabase.",
  },
  services_backend_failing: {
    severity: "error",
    what: "The backend at SMARTEROS_BACKEND_URL responds to GET /health with status {status}.",
    remedy: "Look at the backend's log, and whether SMARTEROS_BACKEND_URL is its address.",
  },
  services_backend_secret_refused: {
    severity: "error",
    what: "The backend at SMARTEROS_BACKEND_URL refuses our assertion: SMARTEROS_BACKEND_SECRET differs from its FASTAPI_SECRET, or its BACKEND_URL is another origin.",
    remedy:
      "Set SMARTEROS_BACKEND_SECRET to the backend's FASTAPI_SECRET, and its BACKEND_URL to the origin of SMARTEROS_BACKEND_URL.",
  },
  clock_skew: {
    severity: "error",
    what: "The clock of {whose} is {seconds} s {direction} this machine's: tokens are refused beyond 5 s.",
    remedy: "Synchronize this machine's clock by NTP (timedatectl set-ntp true), and the other's.",
  },
  database_not_checked: {
    severity: "info",
    what: "Migrations, partitions and the database's clock are not checked without DATABASE_URL.",
    remedy: "Set DATABASE_URL and run npm run doctor.",
  },
  database_unreachable: {
    severity: "error",
    what: "The database at DATABASE_URL cannot be read ({why}).",
    remedy: "Check DATABASE_URL: npm run db:apply says what is wrong with the connection.",
  },
  database_older: {
    severity: "error",
    what: "The database is older than the code. Migrations that are not applied: {count}, from {first} on.",
    remedy: "Run npm run db:apply with DATABASE_URL.",
  },
  database_newer: {
    severity: "error",
    what: "The database is newer than the code. Applied migrations whose files are not here: {count}, from {first} on.",
    remedy: "Deploy the version that the database was migrated for.",
  },
  database_edited: {
    severity: "error",
    what: "Migrations that were edited after they were applied: {count}, from {first} on.",
    remedy: "Restore the files as they were released, and write a new migration.",
  },
  partitions_missing: {
    severity: "warning",
    what: "The audit log has no partition for {days}: its rows go to the default partition.",
    remedy: "Run the monitor (it makes them), or select public.ensure_partitions() once a day.",
  },
  monitor_silent: {
    severity: "warning",
    what: "The monitor has stored nothing in the last 15 minutes.",
    remedy: "Start smarteros-monitor --every 5m, or check its cron line and log.",
  },
  worker_missing: {
    severity: "warning",
    what: "No worker has reported in the last 2 minutes: services.* and n8n.* wait.",
    remedy:
      "Start apps/backend, or set up the cron route (docs/provisioning.md); where one runs, look at its log.",
  },
  events_exhausted: {
    severity: "warning",
    what: "Changes of tenants that failed five times and are not tried again: {count}.",
    remedy: "Read their cause on the tenants' pages, then call services.reconcile with repair: true.",
  },
  check_failed: {
    severity: "warning",
    what: "This check could not be completed.",
    remedy: "Run the doctor again; where it stays, report the check's name.",
  },
} as const satisfies Record<string, Entry>;

export type FindingCode = keyof typeof findingTable;

/** Makes a finding of the table; `values` replace the names in its texts. */
export function finding(code: FindingCode, values: Record<string, string | number> = {}): Finding {
  const { severity, what, remedy }: Entry = findingTable[code];
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (name, key: string) => String(values[key] ?? name));
  return { code, severity, what: fill(what), remedy: fill(remedy) };
}
