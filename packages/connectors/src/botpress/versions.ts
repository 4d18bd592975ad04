import type { CheckedVersions } from "../vendor-versions.ts";

/** The Admin API of the cloud has one version. The vendor's client stands for its state at a time. */
export const botpressVersions = {
  minimum: "Admin API v1",
  checked: ["@botpress/client 1.45.0"],
  by: "the vendor's client against the sandbox",
} as const satisfies CheckedVersions;
