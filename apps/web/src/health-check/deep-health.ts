import { cached } from "@smarteros/core/cached";
import type { Session } from "@smarteros/identity";
import { diagnose, type Report, type Subject } from "@smarteros/observability/doctor";
import { toDiagnose } from "@smarteros/tools-fastapi";
import type { WebSettings } from "../env.ts";

const ttlMs = 10_000;

/** Builds the doctor of this deployment: one run at a time, its report cached for 10 s and the same for all administrators. */
export const deepHealthCheck = (settings: WebSettings) =>
  cached(
    (session: Session, siteOrigin: string | undefined): Promise<Report> =>
      diagnose(subjectOf(settings, session, siteOrigin)),
    ttlMs,
  );

function subjectOf(settings: WebSettings, session: Session, siteOrigin: string | undefined): Subject {
  const { supabase, identity, backend, provisioningBackend } = settings;
  return {
    enabled: settings.enabled,
    logsToDatabase: settings.logToDatabase,
    hasSigningKey: settings.hasSigningKey,
    supabase,
    identity,
    defaultRole: identity.roles.defaultRole,
    siteOrigin,
    sessionToken: session.token,
    backend: backend && toDiagnose(backend),
    provisioningBackend: provisioningBackend && toDiagnose(provisioningBackend),
  };
}
