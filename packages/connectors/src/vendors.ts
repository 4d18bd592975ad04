type VendorDetails = {
  /** Display name, the same in every language. */
  name: string;
  /** Flag of a tenant that turns the vendor's service on. */
  flag: string;
  /** Purpose of the service, in English, for schemas of tools. */
  purpose: string;
  /** Path of the backend that shows the tenant's resource. */
  resourcePath: `/${string}/${string}`;
  /** Kinds that prefix a resource's id, as in `bot:…`; none where the id is a number. */
  idKinds: readonly string[];
};

/** The vendors in the order in which their services are listed. */
export const vendorDetails = {
  chatwoot: {
    name: "Chatwoot",
    flag: "crm",
    purpose: "Customer conversations",
    resourcePath: "/chatwoot/inbox",
    idKinds: [],
  },
  botpress: {
    name: "Botpress",
    flag: "bot",
    purpose: "Chat bot",
    resourcePath: "/botpress/workspace",
    idKinds: ["bot", "workspace"],
  },
  odoo: {
    name: "Odoo",
    flag: "erp",
    purpose: "Accounting and stock",
    resourcePath: "/odoo/company",
    idKinds: [],
  },
  n8n: {
    name: "n8n",
    flag: "workflows",
    purpose: "Automations",
    resourcePath: "/n8n/workflow",
    idKinds: ["tag", "project"],
  },
  metabase: {
    name: "Metabase",
    flag: "kpi",
    purpose: "Dashboards",
    resourcePath: "/metabase/dashboard",
    idKinds: [],
  },
} as const satisfies Record<string, VendorDetails>;

export type Vendor = keyof typeof vendorDetails;
export const vendors = Object.keys(vendorDetails) as readonly Vendor[];

/** Compares what belongs to vendors by the order of `vendors`. */
export const byVendor = (a: { vendor: Vendor }, b: { vendor: Vendor }): number =>
  vendors.indexOf(a.vendor) - vendors.indexOf(b.vendor);

/** Flags of a tenant by the vendor that each turns on. */
export const flagOf = Object.fromEntries(vendors.map((vendor) => [vendor, vendorDetails[vendor].flag])) as {
  readonly [Of in Vendor]: (typeof vendorDetails)[Of]["flag"];
};

/** Returns the forms of resource ids, such as `a number`, each with the vendors that use it, such as `chatwoot and odoo`. */
export function idForms(): { form: string; vendors: string }[] {
  const formOf = (vendor: Vendor) =>
    vendorDetails[vendor].idKinds.map((kind) => `${kind}:…`).join(" or ") || "a number";
  const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
  return [...Map.groupBy(vendors, formOf)].map(([form, those]) => ({ form, vendors: list.format(those) }));
}
