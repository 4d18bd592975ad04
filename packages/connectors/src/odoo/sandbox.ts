import { setTimeout } from "node:timers/promises";
import { Hono } from "hono";
import * as z from "zod";
import type { Refusal } from "../sandbox/faults.ts";
import {
  type FakeWorld,
  listed,
  table,
  type VendorFake,
  type VendorFakeKind,
} from "../sandbox/vendor-fake.ts";

const apiKey = "sandbox-odoo-key";
/** Duration in milliseconds of a request that sets a country, which installs its localisation. */
const localisationMs = 1_500;

const conditions = {
  /** Sends errors as a text, as an early draft of Odoo 19 did. */
  bare_string_errors: false,
  /** The companies have records, which prevent deletion. */
  has_records: false,
  /** Each company is the default of a user, which prevents archiving. */
  default_company: false,
  /** The key's user is not in the group Access Rights: they read their own companies, here the first one, and change none. */
  no_access_rights: false,
  /** Drops the registration number of a new company without an error. */
  registry_dropped: false,
};

const text = z.union([z.string(), z.literal(false)]);
const company = z.object({
  id: z.int(),
  name: z.string(),
  vat: text,
  company_registry: text,
  active: z.boolean(),
  createdAt: z.number().default(0),
});
type Company = z.output<typeof company>;
const state = z.object({ last: z.int(), companies: table(z.int(), company) });
type State = z.output<typeof state>;

const domainTerm = z.tuple([z.enum(["id", "name", "vat", "company_registry"]), z.literal("="), z.unknown()]);
const searchRead = z.strictObject({
  domain: z.array(domainTerm),
  fields: z.array(z.string()),
  order: z.string().optional(),
  limit: z.int().optional(),
  context: z.object({ active_test: z.boolean().optional() }).optional(),
});
const newCompany = z.object({
  name: z.string(),
  vat: z.string().optional(),
  company_registry: z.string().optional(),
  country_id: z.int().optional(),
});
const creation = z.strictObject({ vals_list: z.array(newCompany) });
const write = z.strictObject({
  ids: z.array(z.int()),
  vals: z.strictObject({
    active: z.boolean().optional(),
    name: z.string().optional(),
    company_registry: text.optional(),
  }),
});
const unlink = z.strictObject({ ids: z.array(z.int()) });
const access = z.strictObject({ operation: z.enum(["read", "create", "write", "unlink"]) });
const deniedText = (action: string) => `You are not allowed to ${action} 'Companies' (res.company) records.`;

/** Simulates the part of Odoo 19's JSON-2 and `res.company` that the connector uses. */
export const odooFake: VendorFakeKind<typeof conditions, State> = {
  vendor: "odoo",
  conditions,
  state,
  fresh: () => {
    const first: Company = {
      id: 1,
      name: "My Company",
      vat: false,
      company_registry: false,
      active: true,
      createdAt: 0,
    };
    return { last: first.id, companies: new Map([[first.id, first]]) };
  },
  create,
  settings: (url) => ({ ODOO_URL: url, ODOO_API_KEY: apiKey }),
};

function create({ clock, conditions: now }: FakeWorld<typeof conditions>, held: State): VendorFake {
  const { companies } = held;
  const fail = (status: number, exception: string, message: string) =>
    Response.json(
      now.bare_string_errors
        ? message
        : {
            name: exception,
            message,
            arguments: [message],
            context: {},
            debug: "Traceback (most recent call last): …",
          },
      { status },
    );
  const invalid = (message: string) => fail(422, "odoo.exceptions.ValidationError", message);
  const denied = (action: string) => fail(403, "odoo.exceptions.AccessError", deniedText(action));
  const taken = (name: string, but?: number) =>
    [...companies.values()].some((one) => one.name === name && one.id !== but);

  const methods: Record<string, (body: unknown, listedCompanies: Company[]) => Response | Promise<Response>> =
    {
      // base/security/ir.model.access.csv: the group has all rights, other users may only read.
      "res.company/has_access"(body) {
        const { operation } = access.parse(body);
        return Response.json(operation === "read" || !now.no_access_rights);
      },
      "res.company/search_read"(body, listedCompanies) {
        const { domain, fields, limit, context } = searchRead.parse(body);
        const found = listedCompanies.filter(
          (company) =>
            // base/security/base_security.xml: the record rule of other users.
            (!now.no_access_rights || company.id === 1) &&
            // Archived companies are hidden unless requested.
            (company.active || context?.active_test === false) &&
            domain.every(([field, , value]) => company[field] === value),
        );
        const shown = found.slice(0, limit).map((company) => {
          const wanted = Object.entries(company).filter(([field]) => fields.includes(field));
          return Object.fromEntries(wanted);
        });
        return Response.json(shown);
      },
      async "res.company/create"(body) {
        if (now.no_access_rights) return denied("create");
        const { vals_list: list } = creation.parse(body);
        if (list.some(({ name }) => taken(name))) return invalid("The company name must be unique!");
        const ids = list.map(({ name, vat, company_registry: registry }) => {
          const id = ++held.last;
          companies.set(id, {
            id,
            name,
            vat: vat ?? false,
            company_registry: (!now.registry_dropped && registry) || false,
            active: true,
            createdAt: clock.now(),
          });
          return id;
        });
        if (list.some((values) => values.country_id)) await setTimeout(localisationMs);
        return Response.json(ids);
      },
      "res.company/write"(body) {
        if (now.no_access_rights) return denied("modify");
        const { ids, vals } = write.parse(body);
        if (ids.some((id) => !companies.has(id))) {
          return fail(404, "odoo.exceptions.MissingError", "Record does not exist or has been deleted.");
        }
        if (vals.active === false && now.default_company) {
          return invalid(
            "The company cannot be archived because it is still used as the default company of 1 users.",
          );
        }
        if (vals.name && taken(vals.name, ids[0])) return invalid("The company name must be unique!");
        for (const id of ids) Object.assign(companies.get(id) ?? {}, vals);
        return Response.json(true);
      },
      "res.company/unlink"(body) {
        if (now.no_access_rights) return denied("delete");
        const { ids } = unlink.parse(body);
        if (now.has_records) {
          return invalid(
            "The operation cannot be completed: another model requires the record being deleted. If possible, archive it instead.",
          );
        }
        for (const id of ids) companies.delete(id);
        return Response.json(true);
      },
    };

  const app = new Hono();
  app.get("/web/health", (context) => context.json({ status: "pass" }));
  app.get("/web/version", (context) =>
    context.json({ version_info: [19, 0, 0, "final", 0, ""], version: "19.0" }),
  );
  app.post("/json/2/:model/:method", async (context) => {
    if (context.req.header("authorization") !== `bearer ${apiKey}`) {
      return fail(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey");
    }
    const { model, method } = context.req.param();
    const run = methods[`${model}/${method}`];
    if (!run) return fail(404, "werkzeug.exceptions.NotFound", `The model '${model}' does not exist`);
    try {
      return await run(await context.req.json(), listed(context, clock, companies.values()));
    } catch (thrown) {
      if (!(thrown instanceof z.ZodError)) throw thrown;
      return fail(422, "werkzeug.exceptions.UnprocessableEntity", "got an unexpected keyword argument");
    }
  });
  // The older endpoint responds 200 also to errors.
  app.post("/jsonrpc", (context) =>
    context.json({
      jsonrpc: "2.0",
      id: 1,
      error: {
        code: 200,
        message: "Odoo Server Error",
        data: {
          name: "odoo.exceptions.AccessDenied",
          message: "Access Denied",
          arguments: [],
          debug: "Traceback …",
        },
      },
    }),
  );

  return {
    app,
    refuse: (refusal) => refuse(refusal, fail),
    resources: () =>
      [...companies.values()].map(({ id, name, company_registry, active }) => ({
        kind: "company",
        id: String(id),
        name,
        tenantId: company_registry || null,
        active,
      })),
  };
}

function refuse(
  { fault, retryAfterSeconds }: Refusal,
  fail: (status: number, exception: string, message: string) => Response,
): Response {
  switch (fault) {
    case "unauthorized":
      return fail(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey");
    case "forbidden":
      return fail(403, "odoo.exceptions.AccessError", deniedText("modify"));
    case "payment_required":
      return new Response("Payment Required", { status: 402 });
    // Only one plan has the API.
    case "licence":
      return fail(403, "werkzeug.exceptions.Forbidden", "The external API is not part of this plan.");
    // Odoo has no rate limiter; a hosting provider may have one in front of it.
    case "rate_limited":
      return new Response("Too Many Requests", {
        status: 429,
        headers: retryAfterSeconds ? { "Retry-After": String(retryAfterSeconds) } : {},
      });
    case "error":
      return fail(500, "builtins.KeyError", "'company'");
  }
}
