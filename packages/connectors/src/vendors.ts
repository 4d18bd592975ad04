/** Display names, the same in every language, in the order in which the vendors' services are listed. */
export const vendorNames = {
  chatwoot: "Chatwoot",
  botpress: "Botpress",
  odoo: "Odoo",
  n8n: "n8n",
  metabase: "Metabase",
} as const;

export type Vendor = keyof typeof vendorNames;
export const vendors = Object.keys(vendorNames) as readonly Vendor[];

/** Flags of a tenant by the vendor whose service each turns on. */
export const flagOf = {
  chatwoot: "crm",
  botpress: "bot",
  odoo: "erp",
  n8n: "workflows",
  metabase: "kpi",
} as const satisfies Record<Vendor, string>;

type VendorDetails = {
  /** Purpose of the service, in English, for schemas of tools. */
  purpose: string;
  /** Path of the backend that shows the tenant's resource. */
  resourcePath: `/${string}/${string}`;
  /** Kinds that prefix a resource's id, as in `bot:…`; none where the id is a number. */
  idKinds: readonly string[];
};

/** What servers need to know of each vendor. Separate from names and flags, which browsers load too. */
export const vendorDetails = {
  chatwoot: {
    purpose: "Customer conversations",
    resourcePath: "/chatwoot/inbox",
    idKinds: [],
  },
  botpress: {
    purpose: "Chat bot",
    resourcePath: "/botpress/workspace",
    idKinds: ["bot", "workspace"],
  },
  odoo: {
    purpose: "Accounting and stock",
    resourcePath: "/odoo/company",
    idKinds: [],
  },
  n8n: {
    purpose: "Automations",
    resourcePath: "/n8n/workflow",
    idKinds: ["tag", "project"],
  },
  metabase: {
    purpose: "Dashboards",
    resourcePath: "/metabase/dashboard",
    idKinds: [],
  },
} as const satisfies Record<Vendor, VendorDetails>;

/** Compares what belongs to vendors by the order of `vendors`. */
export const byVendor = (a: { vendor: Vendor }, b: { vendor: Vendor }): number =>
  vendors.indexOf(a.vendor) - vendors.indexOf(b.vendor);

/** Returns the forms of resource ids, such as `a number`, each with the vendors that use it, such as `chatwoot and odoo`. */
export function idForms(): { form: string; vendors: string }[] {
  const formOf = (vendor: Vendor) =>
    vendorDetails[vendor].idKinds.map((kind) => `${kind}:…`).join(" or ") || "a number";
  const list = new Intl.ListFormat("en-GB", { type: "conjunction" });
  return [...Map.groupBy(vendors, formOf)].map(([form, those]) => ({ form, vendors: list.format(those) }));
}
