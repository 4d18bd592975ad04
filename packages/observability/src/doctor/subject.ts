import type { SiteIdentity } from "@smarteros/identity";

export type Migration = { version: string; name: string; sha256: string };

/** The state of a database, as it reports it. */
export type DatabaseState = {
  applied: Migration[];
  /** Ranges of the partitions of `mcp_invocations`, as ISO dates and times. */
  partitions: { from: string; to: string }[];
  now: Date;
};

/** The deployment to check. A missing part is not checked, or is a finding. */
export type Subject = {
  enabled: boolean;
  logsToDatabase: boolean;
  /** True where there is a key that signs tokens which Supabase accepts. */
  hasSigningKey: boolean;
  supabase?:
    | {
        url: string;
        publishableKey?: string | undefined;
        /** Null for one that is there and cannot be used. */
        serviceRoleKey?: string | null | undefined;
      }
    | undefined;
  identity?: SiteIdentity | undefined;
  defaultRole: "operator" | "none";
  /** The origin at which users open the site, where it is known. */
  siteOrigin?: string | undefined;
  /** A session token, to be tried. */
  sessionToken?: string | undefined;
  backend?:
    | {
        url: string;
        /** Signs that we are a caller without tenants; missing where there is no secret. */
        assertion?: (() => Promise<string>) | undefined;
        /** The paths that its tools may call. */
        paths: readonly { method: string; path: string }[];
      }
    | undefined;
  /** The backend of `services.*` and `n8n.*`, where they do not go through Supabase. */
  provisioningBackend?: Pick<NonNullable<Subject["backend"]>, "url" | "assertion"> | undefined;
  database?: { migrations: Migration[]; read(): Promise<DatabaseState> } | undefined;
};
