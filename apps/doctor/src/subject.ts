import { siteIdentity } from "@smarteros/identity";
import type { Subject } from "@smarteros/observability/doctor";
import { readSource } from "@smarteros/sql";
import { toDiagnose } from "@smarteros/tools-fastapi";
import { provisioningBackendOf } from "@smarteros/tools-fastapi/settings";
import { readDatabase } from "./database.ts";
import type { DoctorSettings } from "./env.ts";

/** Builds the subject of the checks from the settings, without the parts that depend on invalid ones. */
export async function subjectOf(settings: DoctorSettings, wrong: ReadonlySet<string>): Promise<Subject> {
  const isWrong = (pattern: RegExp) => [...wrong].some((name) => pattern.test(name));
  const { NEXT_PUBLIC_SUPABASE_URL: url, DATABASE_URL: databaseUrl, WEB_URL: webUrl } = settings;
  return {
    enabled: settings.MCP_ENABLED === true,
    logsToDatabase: settings.MCP_LOG_DB === true,
    hasSigningKey: Boolean(settings.SUPABASE_JWT_PRIVATE_KEY ?? settings.SUPABASE_JWT_SECRET),
    supabase: url
      ? {
          url,
          publishableKey: settings.NEXT_PUBLIC_SUPABASE_ANON_KEY,
          serviceRoleKey: wrong.has("SUPABASE_SERVICE_ROLE_KEY") ? null : settings.SUPABASE_SERVICE_ROLE_KEY,
        }
      : undefined,
    identity: isWrong(/CLERK_|^SMARTEROS_IDENTITY$/) ? undefined : siteIdentity(settings),
    defaultRole: settings.DEFAULT_ROLE ?? "operator",
    siteOrigin: webUrl && new URL(webUrl).origin,
    sessionToken: settings.SMARTEROS_ACCESS_TOKEN?.trim(),
    backend: isWrong(/^FASTAPI_/) ? undefined : backendOf(settings),
    provisioningBackend: isWrong(/^SMARTEROS_BACKEND_/) ? undefined : servicesBackendOf(settings),
    database: databaseUrl
      ? { migrations: await sources(), read: () => readDatabase(databaseUrl) }
      : undefined,
  };
}

function backendOf(settings: DoctorSettings): Subject["backend"] {
  const { FASTAPI_URL, FASTAPI_SECRET, FASTAPI_PATHS, SMARTEROS_IDENTITY } = settings;
  const url = FASTAPI_URL ?? (SMARTEROS_IDENTITY === "local" ? undefined : "https://api.smarterbot.cl");
  return url === undefined ? undefined : toDiagnose({ url, secret: FASTAPI_SECRET, paths: FASTAPI_PATHS });
}

function servicesBackendOf(settings: DoctorSettings): Subject["provisioningBackend"] {
  const backend = provisioningBackendOf(settings);
  return backend && toDiagnose(backend);
}

/** Lists what `db:apply` applies: migrations by version; views, functions and policies by name. */
async function sources() {
  const { migrations, definitions } = await readSource();
  return [...migrations, ...definitions.map(({ name, sha256 }) => ({ version: name, name, sha256 }))];
}
