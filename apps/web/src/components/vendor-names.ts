import { type Vendor, vendorDetails, vendors } from "@smarteros/connectors/vendors";

/** The names of the vendors, the same in every language. */
export const vendorNames = Object.fromEntries(
  vendors.map((vendor) => [vendor, vendorDetails[vendor].name]),
) as Record<Vendor, string>;
