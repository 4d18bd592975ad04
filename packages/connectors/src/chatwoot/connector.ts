import * as z from "zod";
import { createClaim, unclaimable } from "../claim.ts";
import { type Connector, type Resource, settleAfterMs } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { readOwned, requireOwned, unlessGone } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Clock, systemClock } from "../system-clock.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import { formerInboxName, inboxName } from "./inbox-name.ts";
import type { ChatwootSettings } from "./settings.ts";
import { chatwootVersions } from "./versions.ts";

const key = "smarteros_tenant_id";
const maxDeletionAttempts = 8;

const inbox = z.object({
  id: z.int().positive(),
  name: z.string(),
  channel_type: z.string(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
});
type Inbox = z.output<typeof inbox>;
const apiChannel = "Channel::Api";
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

  /**
   * Deletes an inbox that was just created and whose attributes an older version dropped, so that no list would find it. Reads
   * it first. Resolves to false when it does carry a mark, was changed by a person or cannot be deleted: `ensure` then does
   * not find it in the list and stops for a person.
   */
  async function discard({ id, name }: Inbox, signal: AbortSignal): Promise<boolean> {
    try {
      const seen = await load(id, signal);
      if (!seen) return true;
      const isAsCreated =
        seen.name === name && seen.channel_type === apiChannel && seen.additional_attributes?.[key] == null;
      if (isAsCreated) await remove(id, signal);
      return isAsCreated;
    } catch (thrown) {
      if (ConnectorError.isInstance(thrown)) return false;
      throw thrown;
    }
  }
  const remove = (id: number, signal: AbortSignal) => {
    const request = { operation: "inbox.delete", method: "DELETE", path: `${inboxes}/${id}` } as const;
    return unlessGone(http({ ...request, response: z.unknown(), signal }));
  };

  return {
    vendor,
    // Names are not unique. The list reads the table of inboxes, into which a creation writes in one transaction.
    settling: { kind: "consistent_list", settleAfterMs },
    nameOf: inboxName,
    formerNameOf: formerInboxName,
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
      const name = inboxName(subject);
      const json = { name, channel: { type: "api", additional_attributes: { [key]: subject.tenantId } } };
      const request = { operation: "inbox.create", method: "POST", path: inboxes } as const;
      const created = await http({ ...request, json, response: inbox, creation, signal });
      if (tenantOf(created) === subject.tenantId) return created.id;
      if (!(await discard(created, signal))) return created.id;
      throw tooOld("inbox.create", "validation");
    },
    claim: createClaim({
      vendor,
      load,
      asResource,
      async mark({ id, channel_type, additional_attributes }, tenantId, signal) {
        // Other channels drop the attribute and respond 200.
        if (channel_type !== apiChannel) throw unclaimable(vendor, "choose_another_resource");
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
      await remove(id, signal);
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
          const version = z.string().optional();
          const response = z.object({ version, queue_services: service, data_services: service });
          const seen = await http({ operation: "process", path: "/api", response, signal });
          if (isOlder(seen.version, chatwootVersions.minimum)) throw tooOld("process", "unknown");
          // The status is 200 in this case too.
          if ([seen.queue_services, seen.data_services].includes("failing")) {
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

function tenantOf({ additional_attributes }: Inbox): string | undefined {
  const tenantId = additional_attributes?.[key];
  return typeof tenantId === "string" ? tenantId : undefined;
}

function asResource(found: Inbox): Resource<"chatwoot"> {
  return {
    id: found.id,
    tenantId: tenantOf(found),
    name: found.name,
    state: "active",
    leftovers: [],
    webhooks: [],
  };
}

/** Returns true if a version is below the minimum. False for a version in another form, as forks have. */
function isOlder(version: string | undefined, minimum: string): boolean {
  const parts = (text: string) => /^v?(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number);
  const [major = 0, minor = 0] = parts(minimum) ?? [];
  const seen = parts(version ?? "");
  return seen !== undefined && (seen[0] === major ? Number(seen[1]) < minor : Number(seen[0]) < major);
}

function tooOld(operation: string, kind: "validation" | "unknown") {
  return new ConnectorError({ vendor: "chatwoot", operation, kind, remedy: "check_vendor_version" });
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
