import * as z from "zod";
import { claiming, unclaimable } from "../claim.ts";
import { type Connector, type Resource, type ResourceId, resourceId } from "../connector.ts";
import { readOwned, requireOwned } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Classify, type ConnectorOptions, createVendorHttp } from "../vendor-http.ts";
import { botpressBots } from "./bots.ts";
import type { BotpressSettings } from "./settings.ts";
import { botpressWorkspaces } from "./workspaces.ts";

/**
 * One bot per tenant in a shared workspace, known by the tag `smarteros`, or one workspace per tenant, known by its
 * handle. An id that is recorded stays readable, whichever of the two is set now.
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
    // What is recorded comes from outside, and part of it goes into a path.
    if (!resourceId.botpress.safeParse(id).success) return undefined;
    const [kind, vendorId] = parts(id);
    return kinds[kind].read(vendorId, signal);
  };
  const untouched: Connector<"botpress">["disable"] = async (id, tenantId, signal) => {
    await requireOwned({ vendor, read }, id, tenantId, signal);
    return "unsupported";
  };
  const claimOther = claiming<"botpress", Resource<"botpress">>({
    vendor,
    look: read,
    asResource: (found) => found,
    // It would not be found: what is looked for is what the settings have created.
    mark: () => Promise.reject(unclaimable(vendor, "choose_another_resource")),
  });

  return {
    vendor,
    nameOf: (subject, id) => kinds[parts(id)[0]].nameOf(subject),
    read,
    find: (subject, signal) => kinds[perTenant].find(subject, signal),
    create: (subject, signal) => kinds[perTenant].create(subject, signal),
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
      const account = { path: "/v1/admin/account/me", answer: z.object({ account: z.object({}) }), signal };
      const credential = await probe(() => http({ operation: "credential", ...account }));
      // There is no call without a credential: an answer of any kind shows that the service is up.
      const isDown = !credential.ok && ["unavailable", "unknown"].includes(credential.kind);
      return { process: isDown ? credential : { ok: true, latencyMs: credential.latencyMs }, credential };
    },
  };
}

function parts(id: ResourceId<"botpress">): ["bot" | "workspace", string] {
  const [kind, vendorId = ""] = id.split(":");
  return [kind === "workspace" ? "workspace" : "bot", vendorId];
}

/** The service's own form, and the one of its documentation. */
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
