import * as z from "zod";
import { createClaim, unclaimable } from "../claim.ts";
import { type Connector, type Resource, type ResourceId, resourceId, settleAfterMs } from "../connector.ts";
import { readOwned, requireOwned } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import { botpressBots } from "./bots.ts";
import type { BotpressSettings } from "./settings.ts";
import { botpressWorkspaces } from "./workspaces.ts";

/**
 * Creates the connector of Botpress: one bot per tenant in a shared workspace, identified by the tag `smarteros`, or one
 * workspace per tenant, identified by its handle. Recorded ids of either kind are readable with both settings.
 */
export function createBotpress(
  settings: BotpressSettings,
  options: ConnectorOptions = {},
): Connector<"botpress"> {
  const vendor = "botpress";
  const { url = "https://api.botpress.cloud", token, perTenant, workspaceId } = settings;
  const headers = { Authorization: `Bearer ${token}`, ...(workspaceId && { "x-workspace-id": workspaceId }) };
  const http = createVendorHttp(vendor, { url, headers, classify }, options);
  const kinds = { bot: botpressBots(http), workspace: botpressWorkspaces(http) };

  const read: Connector<"botpress">["read"] = async (id, signal) => {
    // Checked because part of the recorded id becomes part of a path.
    if (!resourceId.botpress.safeParse(id).success) return undefined;
    const [kind, vendorId] = parts(id);
    return kinds[kind].read(vendorId, signal);
  };
  // `PUT /v1/admin/bots/{id}` accepts `blocked`, but the vendor's reference and its client do not say what it does, and no
  // response has it: neither its effect nor its state can be read back, so `ensure` could not know that a bot has to be
  // switched on again. Nor is it known that the owner of a token may clear it: the same field of a workspace is read-only.
  const untouched: Connector<"botpress">["disable"] = async (id, tenantId, signal) => {
    await requireOwned({ vendor, read }, id, tenantId, signal);
    return "unsupported";
  };
  const claimOther = createClaim<"botpress", Resource<"botpress">>({
    vendor,
    load: read,
    asResource: (found) => found,
    // `find` searches only the kind that the settings create.
    mark: () => Promise.reject(unclaimable(vendor, "choose_another_resource")),
  });

  return {
    vendor,
    // Names and tags are not unique, and nothing is known of the consistency of the cloud's lists and of their filter.
    settling: { kind: "uncertain_list", settleAfterMs },
    nameOf: (subject, id) => kinds[parts(id)[0]].nameOf(subject),
    read,
    find: (subject, signal) => kinds[perTenant].find(subject, signal),
    create(subject, signal, creation, unfinished) {
      if (perTenant === "bot") return kinds.bot.create(subject, signal, creation);
      return kinds.workspace.create(subject, signal, creation, unfinished);
    },
    claim(id, subject, signal) {
      const isOfKind = resourceId.botpress.safeParse(id).success && parts(id)[0] === perTenant;
      return (isOfKind ? kinds[perTenant].claim : claimOther)(id, subject, signal);
    },
    enable: untouched,
    disable: untouched,
    async remove(id, tenantId, signal) {
      if (!(await readOwned({ vendor, read }, id, tenantId, signal))) return "removed";
      const [kind, vendorId] = parts(id);
      await kinds[kind].remove(vendorId, signal);
      return "removed";
    },
    async health(signal) {
      const account = { path: "/v1/admin/account/me", response: z.object({ account: z.object({}) }), signal };
      const credential = await probe(() => http({ operation: "credential", ...account }));
      // All calls need the credential, so that also a refusal shows that the service is up.
      const isDown = !credential.ok && ["unavailable", "unknown"].includes(credential.kind);
      return { process: isDown ? credential : { ok: true, latencyMs: credential.latencyMs }, credential };
    },
  };
}

function parts(id: ResourceId<"botpress">): ["bot" | "workspace", string] {
  const [kind, vendorId = ""] = id.split(":");
  return [kind === "workspace" ? "workspace" : "bot", vendorId];
}

/** Body of an error, in the form of the service and of its documentation. */
const refusal = z.object({ type: z.string() });

const classify: Classify = (_, body) => {
  switch (refusal.safeParse(body).data?.type) {
    case "PaymentRequired":
    case "QuotaExceeded":
    case "LimitExceeded":
      return { kind: "quota", remedy: "raise_quota" };
    case "RateLimited":
      return { kind: "rate_limited", remedy: "wait_and_retry" };
    case "ReferenceConstraint":
      return { kind: "conflict", remedy: "remove_contents" };
    case "ResourceLockedConflict":
      return { kind: "unavailable", remedy: "wait_and_retry" };
    default:
      return undefined;
  }
};
