import type { CheckedVersions } from "../vendor-versions.ts";

/** Older versions than 2.7 drop `additional_attributes` of an API inbox, which hold the tenant's id. */
export const chatwootVersions = {
  minimum: "2.7",
  checked: ["4.2", "4.3"],
  by: "source",
} as const satisfies CheckedVersions;
