import * as z from "zod";
import { createClaim, unclaimable } from "../claim.ts";
import { type Connector, type Resource, type Subject, settleAfterMs } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { readOwned, requireOwned } from "../owned.ts";
import { probe } from "../probe.ts";
import { tenantIdIn } from "../tenant-key.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import type { OdooSettings } from "./settings.ts";

const company = z.object({
  id: z.int().positive(),
  name: z.string(),
  active: z.boolean(),
  // Odoo serializes an empty text as false.
  company_registry: z.union([z.string(), z.literal(false)]),
});
const fields = ["id", "name", "active", "company_registry"];
/** Long, because Odoo may create the company's chart of accounts and warehouse in the same request. */
const createTimeoutMs = 120_000;

/**
 * Creates the connector of Odoo: one company per tenant over JSON-2 (Odoo 19 and later), identified by
 * `company_registry`. The company has no country: setting one installs its localisation during the request, while other
 * calls fail.
 */
export function createOdoo(
  { url, apiKey, database }: OdooSettings,
  options: ConnectorOptions = {},
): Connector<"odoo"> {
  const vendor = "odoo";
  const headers = { Authorization: `bearer ${apiKey}`, ...(database && { "X-Odoo-Database": database }) };
  const http = createVendorHttp(vendor, { url, headers, classify }, options);

  function search(operation: string, domain: unknown[], signal: AbortSignal) {
    const json = { domain, fields, order: "id", context: { active_test: false } };
    const request = {
      operation,
      method: "POST",
      path: "/json/2/res.company/search_read",
      reads: true,
    } as const;
    return http({ ...request, json, response: z.array(company), signal });
  }
  const load = async (id: number, signal: AbortSignal) =>
    (await search("company.read", [["id", "=", id]], signal))[0];
  const read: Connector<"odoo">["read"] = async (id, signal) => {
    const found = await load(id, signal);
    return found && asResource(found);
  };
  const write = (operation: string, id: number, vals: object, signal: AbortSignal) => {
    const request = { operation, method: "POST", path: "/json/2/res.company/write" } as const;
    return http({ ...request, json: { ids: [id], vals }, response: z.literal(true), signal });
  };
  const setActive = async (id: number, tenantId: string, active: boolean, signal: AbortSignal) => {
    await requireOwned({ vendor, read }, id, tenantId, signal);
    await write(active ? "company.unarchive" : "company.archive", id, { active }, signal);
    return "done" as const;
  };

  /** Resolves to the error of a creation that was refused because the name is taken. */
  async function taken(conflict: ConnectorError, name: string, tenantId: string, signal: AbortSignal) {
    const [holder] = await search("company.search", [["name", "=", name]], signal);
    if (holder && asResource(holder).tenantId !== tenantId) return conflict;
    // A list was cut that has the tenant's own company, or a replica that Odoo searches in does not have it yet.
    const { operation, status, outcome } = conflict;
    const hidden = { kind: "unavailable", remedy: "wait_and_retry" } as const;
    return new ConnectorError({ vendor, operation, status, outcome, ...hidden });
  }

  return {
    vendor,
    // The database has a unique index on the names of companies: a second one fails, also if the first commits later.
    settling: { kind: "unique_name", settleAfterMs },
    nameOf,
    read,
    async find({ tenantId }, signal) {
      const found = await search("company.search", [["company_registry", "=", tenantId]], signal);
      return found.map(asResource).filter((resource) => resource.tenantId === tenantId);
    },
    async create(subject, signal, creation) {
      const { tenantId, rut } = subject;
      const name = nameOf(subject);
      const json = { vals_list: [{ name, vat: rut, company_registry: tenantId }] };
      const request = {
        operation: "company.create",
        method: "POST",
        path: "/json/2/res.company/create",
      } as const;
      const response = z.tuple([z.int().positive()]);
      try {
        const [id] = await http({ ...request, json, response, timeoutMs: createTimeoutMs, creation, signal });
        return id;
      } catch (thrown) {
        const isTaken = ConnectorError.isInstance(thrown) && thrown.kind === "conflict";
        throw isTaken ? await taken(thrown, name, tenantId, signal) : thrown;
      }
    },
    claim: createClaim({
      vendor,
      load,
      asResource,
      async mark({ id, company_registry }, tenantId, signal) {
        // A registration number that a person entered must not be overwritten.
        if (company_registry) throw unclaimable(vendor, "clear_mark_field");
        await write("company.change", id, { company_registry: tenantId }, signal);
      },
    }),
    enable: (id, tenantId, signal) => setActive(id, tenantId, true, signal),
    disable: (id, tenantId, signal) => setActive(id, tenantId, false, signal),
    async remove(id, tenantId, signal) {
      if (!(await readOwned({ vendor, read }, id, tenantId, signal))) return "removed";
      const request = {
        operation: "company.delete",
        method: "POST",
        path: "/json/2/res.company/unlink",
      } as const;
      await http({ ...request, json: { ids: [id] }, response: z.literal(true), signal });
      return "removed";
    },
    async health(signal) {
      // Responds 401 to a wrong key. Only the group Access Rights may create companies and sees all of them.
      const access = {
        method: "POST",
        path: "/json/2/res.company/has_access",
        json: { operation: "create" },
        reads: true,
      } as const;
      const [process, credential] = await Promise.all([
        probe(() => {
          const response = z.object({ status: z.literal("pass") });
          return http({ operation: "process", path: "/web/health", response, signal });
        }),
        probe(async () => {
          const request = { operation: "credential", ...access, response: z.boolean(), signal };
          if (await http(request)) return;
          const problem = { kind: "forbidden", remedy: "grant_permission" } as const;
          throw new ConnectorError({ vendor, operation: "credential", ...problem });
        }),
      ]);
      return { process, credential };
    },
  };
}

const nameOf = ({ businessName }: Subject) => businessName;

function asResource({ id, name, active, company_registry }: z.output<typeof company>): Resource<"odoo"> {
  return {
    id,
    tenantId: tenantIdIn(company_registry || ""),
    name,
    state: active ? "active" : "disabled",
    leftovers: [],
    webhooks: [],
  };
}

/** Body of an error in Odoo 19; an early draft of it sent only the message. */
const refusal = z.union([
  z.object({ name: z.string().default(""), message: z.string() }),
  z.string().transform((message) => ({ name: "", message })),
]);

const classify: Classify = (_, body) => {
  const { name, message } = refusal.safeParse(body).data ?? { name: "", message: "" };
  if (/must be unique|UniqueViolation|duplicate key/i.test(`${name} ${message}`)) {
    return { kind: "conflict", remedy: "resolve_name_clash" };
  }
  if (
    /foreign key|ForeignKeyViolation|RestrictViolation|still referenced|another model|cannot be archived/i.test(
      `${name} ${message}`,
    )
  ) {
    return { kind: "conflict", remedy: "remove_contents" };
  }
  if (/\bAccessDenied$/.test(name)) return { kind: "auth", remedy: "check_credential" };
  if (/\bAccessError$/.test(name)) return { kind: "forbidden", remedy: "grant_permission" };
  if (/\b(ValidationError|UserError)$/.test(name)) return { kind: "validation", remedy: "check_input" };
  return undefined;
};
