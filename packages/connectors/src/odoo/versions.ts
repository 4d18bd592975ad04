import type { CheckedVersions } from "../vendor-versions.ts";

/** Older versions than 19 have no JSON-2. */
export const odooVersions = {
  minimum: "19.0",
  checked: ["19.0"],
  by: "source and documentation",
} as const satisfies CheckedVersions;
