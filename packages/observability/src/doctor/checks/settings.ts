import { isLoopback } from "@smarteros/core/settings";
import type { Check } from "../check.ts";
import { finding } from "../findings.ts";

/** Finds the master switch off. */
export const switchCheck: Check = async ({ enabled }) => (enabled ? [] : [finding("mcp_disabled")]);

/** Finds calls that are not stored. */
export const auditCheck: Check = async ({ logsToDatabase }) =>
  logsToDatabase ? [] : [finding("audit_not_stored")];

/** Finds features that are absent for want of a key. */
export const signingCheck: Check = async ({ hasSigningKey }) =>
  hasSigningKey ? [] : [finding("signing_key_missing")];

/** Finds a role that any user has who signs up. The local identity has no sign-up. */
export const accessCheck: Check = async ({ identity, defaultRole }) => {
  if (!identity) return undefined;
  return identity.kind === "clerk" && defaultRole === "operator" ? [finding("default_role_open")] : [];
};

/** Finds a site that is not among the origins of its tokens. An address on this machine is a proxy's. */
export const siteCheck: Check = async ({ identity, siteOrigin }) => {
  if (!identity || !siteOrigin || (identity.kind === "clerk" && isLoopback(siteOrigin))) return undefined;
  return identity.origins.includes(siteOrigin) ? [] : [finding("own_origin_missing")];
};
