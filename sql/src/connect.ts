import { loopbackHosts } from "@smarteros/core/settings";
import postgres from "postgres";

/**
 * Opens one connection to `url`, without prepared statements, as the pooler of a hosted project requires. `sslmode` in
 * the URL decides about TLS; without it TLS is tried first, except for this machine.
 */
export function connect(url: string): postgres.Sql {
  const { hostname, protocol, searchParams } = parse(url);
  if (!["postgres:", "postgresql:"].includes(protocol))
    throw new Error("the database URL does not begin with postgres://");
  const asUrlSays = searchParams.has("sslmode") || searchParams.has("ssl");
  const ssl = asUrlSays
    ? {}
    : { ssl: loopbackHosts.includes(hostname) ? (false as const) : ("prefer" as const) };
  return postgres(url, { ...ssl, max: 1, prepare: false, onnotice: () => undefined });
}

function parse(url: string): URL {
  try {
    return new URL(url);
  } catch {
    // The cause would reveal the URL with its password.
    throw new Error(
      "the database URL cannot be read: write it as postgres://user:password@host:5432/postgres",
    );
  }
}
