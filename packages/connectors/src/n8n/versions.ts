import type { CheckedVersions } from "../vendor-versions.ts";

/** Older versions were not tried. Those before March 2026 cannot restore an archived workflow through the API. */
export const n8nVersions = {
  minimum: "2.41.1",
  checked: ["2.41.1"],
  by: "the contract test at a real n8n",
} as const satisfies CheckedVersions;
