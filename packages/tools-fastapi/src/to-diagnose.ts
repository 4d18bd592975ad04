import { createPrincipal } from "@smarteros/core";
import { type AllowedPath, defaultPaths } from "./allowed-paths.ts";
import { signAssertion } from "./assertion.ts";

/**
 * Makes the doctor's subject of a backend: the paths that the tools may call and, with a secret, assertions of a principal
 * without tenants.
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
