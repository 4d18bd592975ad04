import type { CheckedVersions } from "../vendor-versions.ts";

/** Older versions than 0.50 have no trash, and archiving a question there removes it from its dashboards for good. */
export const metabaseVersions = {
  minimum: "0.50",
  checked: ["0.58"],
  by: "source",
} as const satisfies CheckedVersions;
