import { createPrincipal } from "@smarteros/core";
import { type AllowedPath, defaultPaths } from "./allowed-paths.ts";
import { signAssertion } from "./assertion.ts";

/**
 * What the doctor tries of a backend: the paths that the tools may call, and, where there is a secret, assertions of a
 * caller who has no tenants.
 */
export function toDiagnose({
  url,
  secret,
  paths = defaultPaths,
}: {
  url: string;
  secret?: string | undefined;
  paths?: readonly AllowedPath[] | undefined;
}) {
  const key = secret === undefined ? undefined : new TextEncoder().encode(secret);
  const principal = createPrincipal("smarteros-doctor", "viewer");
  return {
    url,
    paths,
    assertion: key && (() => signAssertion(key, new URL(url).origin, { principal })),
  };
}
