import * as z from "zod";
import { createClaim, unclaimable } from "../claim.ts";
import { type Connector, type Resource, type Subject, settleAfterMs } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { readOwned, requireOwned, unlessGone } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import type { ChatwootSettings } from "./settings.ts";

const key = "smarteros_tenant_id";
const maxDeletionAttempts = 8;

const inbox = z.object({
  id: z.int().positive(),
  name: z.string(),
  channel_type: z.string(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
});
const marked = z.object({ additional_attributes: z.record(z.string(), z.unknown()) });
const profile = z.object({
  accounts: z.array(z.object({ id: z.int(), role: z.string().nullish() })).optional(),
});

/** Creates the connector of Chatwoot: one API inbox per tenant, identified by `additional_attributes.smarteros_tenant_id`. */
export function createChatwoot(
  { url, accountId, token }: ChatwootSettings,
  options: ConnectorOptions & { clock?: Clock } = {},
): Connector<"chatwoot"> {
  const vendor = "chatwoot";
  const clock = options.clock ?? systemClock;
  const http = createVendorHttp(vendor, { url, headers: { api_access_token: token }, classify }, options);
  const inboxes = `/api/v1/accounts/${accountId}/inboxes`;

  const load = (id: number, signal: AbortSignal) =>
    unlessGone(http({ operation: "inbox.read", path: `${inboxes}/${id}`, response: inbox, signal }));
  const read: Connector<"chatwoot">["read"] = async (id, signal) => {
    const found = await load(id, signal);
    return found && asResource(found);
  };

  return {
    vendor,
    // Names are not unique. The list reads the table of inboxes, into which a creation writes in one transaction.
    settling: { kind: "consistent_list", settleAfterMs },
    nameOf,
    read,
    async find({ tenantId }, signal) {
      // Chatwoot does not page its list of inboxes.
      const keep = (element: unknown) =>
        marked.safeParse(element).data?.additional_attributes[key] === tenantId;
      const select = { field: "payload", keep };
      const request = { operation: "inbox.list", path: inboxes, select, isSlow: true } as const;
      const own = await http({ ...request, response: z.array(inbox), signal });
      return own.map(asResource).sort((one, other) => one.id - other.id);
    },
    async create(subject, signal, creation) {
      const json = {
        name: nameOf(subject),
        channel: { type: "api", additional_attributes: { [key]: subject.tenantId } },
      };
      const request = { operation: "inbox.create", method: "POST", path: inboxes } as const;
      return (await http({ ...request, json, response: inbox, creation, signal })).id;
    },
    claim: createClaim({
      vendor,
      load,
      asResource,
      async mark({ id, channel_type, additional_attributes }, tenantId, signal) {
        // Other channels drop the attribute and respond 200.
        if (channel_type !== "Channel::Api") throw unclaimable(vendor, "choose_another_resource");
        if (additional_attributes?.[key] != null) throw unclaimable(vendor, "clear_mark_field");
        // The API replaces all attributes.
        const json = { channel: { additional_attributes: { ...additional_attributes, [key]: tenantId } } };
        const request = { operation: "inbox.change", method: "PATCH", path: `${inboxes}/${id}` } as const;
        await http({ ...request, json, response: z.unknown(), signal });
      },
    }),
    async enable(id, tenantId, signal) {
      await requireOwned({ vendor, read }, id, tenantId, signal);
      return "unsupported";
    },
    async disable(id, tenantId, signal) {
      await requireOwned({ vendor, read }, id, tenantId, signal);
      return "unsupported";
    },
    async remove(id, tenantId, signal) {
      if (!(await readOwned({ vendor, read }, id, tenantId, signal))) return "removed";
      const request = { operation: "inbox.delete", method: "DELETE", path: `${inboxes}/${id}` } as const;
      await unlessGone(http({ ...request, response: z.unknown(), signal }));
      // Chatwoot deletes asynchronously and lists the inbox until then.
      for (let attempt = 0; attempt < maxDeletionAttempts; attempt++) {
        if (!(await read(id, signal))) return "removed";
        await clock.sleep(250, signal);
      }
      return "pending";
    },
    async health(signal) {
      const [process, credential] = await Promise.all([
        probe(async () => {
          const service = z.enum(["ok", "failing"]).optional();
          const response = z.object({ queue_services: service, data_services: service });
          const seen = await http({ operation: "process", path: "/api", response, signal });
          // The status is 200 in this case too.
          if (Object.values(seen).includes("failing")) {
            const down = { kind: "unavailable", remedy: "check_service" } as const;
            throw new ConnectorError({ vendor, operation: "process", ...down });
          }
        }),
        probe(async () => {
          const request = { operation: "credential", path: "/api/v1/profile", response: profile, signal };
          const role = (await http(request)).accounts?.find((account) => account.id === accountId)?.role;
          // Other roles see only inboxes assigned to them and cannot create any.
          if (role === "administrator") return;
          const problem = { kind: "forbidden", remedy: "grant_permission" } as const;
          throw new ConnectorError({ vendor, operation: "credential", ...problem });
        }),
      ]);
      return { process, credential };
    },
  };
}

const nameOf = ({ businessName, rut }: Subject) => `${businessName} (${rut})`;

function asResource({ id, name, additional_attributes }: z.output<typeof inbox>): Resource<"chatwoot"> {
  const tenantId = additional_attributes?.[key];
  return {
    id,
    tenantId: typeof tenantId === "string" ? tenantId : undefined,
    name,
    state: "active",
    leftovers: [],
    webhooks: [],
  };
}

const refusal = z.object({ error: z.string() });

/** Separates 401 for missing rights or a suspended or foreign account, which Chatwoot sends too, from 401 for a wrong token. */
const classify: Classify = (status, body) => {
  const message = refusal.safeParse(body).data?.error ?? "";
  const forbidden =
    /^You are not authorized to do this action|^Account is suspended|not authorized to access this account/;
  if (status === 401 && forbidden.test(message)) return { kind: "forbidden", remedy: "grant_permission" };
  return undefined;
};
