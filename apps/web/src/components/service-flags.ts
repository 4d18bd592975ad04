import { flagOf, vendors } from "@smarteros/connectors/vendors";
import type { ServiceFlags } from "@smarteros/tools-tenants";

export type ServiceFlag = keyof ServiceFlags;

/** The services' flags in the order in which they are shown. */
export const serviceFlags: readonly ServiceFlag[] = vendors.map((vendor) => flagOf[vendor]);
