import * as z from "zod";
import { createClaim } from "../claim.ts";
import { type Connector, type Resource, type Subject, settleAfterMs } from "../connector.ts";
import { ConnectorError } from "../connector-error.ts";
import { readOwned, requireOwned } from "../owned.ts";
import { probe } from "../probe.ts";
import { type Classify, type ConnectorOptions, createVendorHttp, within } from "../vendor-http.ts";
import { metabaseCards } from "./cards.ts";
import { createMetabaseClient, type Dashboard } from "./client.ts";
import type { MetabaseSettings } from "./settings.ts";

/**
 * Creates the connector of Metabase: a collection per tenant with a deep copy of a template dashboard, both identified by
 * their description. A claimed dashboard may be in any collection. A copy is marked as unfinished until it is verified,
 * because Metabase omits questions that the key may not read without an error. The ordinary questions of a copy are archived,
 * restored and deleted with it. Copies query the template's database, which has to separate the data of tenants.
 */
export function createMetabase(
  settings: MetabaseSettings,
  options: ConnectorOptions = {},
): Connector<"metabase"> {
  const vendor = "metabase";
  const { url, apiKey, templateDashboardId, collectionId } = settings;
  const base = { url: `${url.replace(/\/+$/, "")}/api`, headers: { "x-api-key": apiKey }, classify };
  const http = createVendorHttp(vendor, base, options);
  const calls = createMetabaseClient(http);

  const find: Connector<"metabase">["find"] = async ({ tenantId }, signal) => {
    const own = await ownCollections(tenantId, signal);
    const [archived, elsewhere, ...held] = await Promise.all([
      calls.dashboardsNaming(tenantId, true, signal),
      calls.dashboardsNaming(tenantId, false, signal),
      ...own.map(({ id }) => calls.dashboardsIn(id, signal)),
    ]);
    const empty = own.filter((_, index) => !held[index]?.some((item) => tenantOf(item) === tenantId));
    // A collection without a dashboard yet is no leftover.
    const leftovers = (empty.length < own.length ? empty : empty.slice(1)).map(
      ({ id }) => `collection:${id}`,
    );
    const dashboards = new Map([...archived, ...elsewhere, ...held.flat()].map((item) => [item.id, item]));
    return [...dashboards.values()]
      .filter((item) => tenantOf(item) === tenantId)
      .sort((one, other) => one.id - other.id)
      .map((item, index) => asResource(item, index === 0 ? leftovers : []));
  };
  const read: Connector<"metabase">["read"] = async (id, signal) => {
    const found = await calls.dashboard(id, signal);
    return found && asResource(found);
  };
  const ownCollections = (tenantId: string, signal: AbortSignal) =>
    calls.collectionsOf(keyOf(tenantId), signal);
  const questions = metabaseCards(calls, ownCollections);
  /** Resolves to the dashboard after the check that it is the tenant's own. */
  const owned = async (
    id: number,
    tenantId: string,
    signal: AbortSignal,
    check: typeof readOwned = requireOwned,
  ) => {
    const found = await calls.dashboard(id, signal);
    await check({ vendor, read: async () => found && asResource(found) }, id, tenantId, signal);
    return found;
  };

  return {
    vendor,
    // Names are not unique. Collections and the in-place search are read from the tables, not from the search index.
    settling: { kind: "consistent_list", settleAfterMs },
    nameOf,
    find,
    read,
    async create(subject, signal, creation, unfinished) {
      const { tenantId } = subject;
      const changing = createMetabaseClient(within(creation, http));
      const name = nameOf(subject);
      if (unfinished) {
        await requireWhole(unfinished.id, signal);
        await changing.changeDashboard(unfinished.id, { description: keyOf(tenantId) }, signal);
        return unfinished.id;
      }
      const [own] = await ownCollections(tenantId, signal);
      const described = { name, description: keyOf(tenantId) };
      const { id: collection } =
        own ?? (await changing.createCollection({ ...described, parent_id: collectionId ?? null }, signal));
      const copy = { name, description: unfinishedKeyOf(tenantId), collection_id: collection };
      const { id, uncopied } = await changing.copyDashboard(templateDashboardId, copy, signal);
      if (uncopied.length > 0) {
        // This call created the copy, so it may delete it. If that fails, the copy stays marked as unfinished.
        const partial = await calls.dashboard(id, signal);
        if (partial) await metabaseCards(changing, ownCollections).remove(partial, tenantId, signal);
        await changing.deleteDashboard(id, signal);
        throw notWhole("grant_template_access");
      }
      await changing.changeDashboard(id, { description: keyOf(tenantId) }, signal);
      return id;
    },
    claim: createClaim({
      vendor,
      load: calls.dashboard,
      asResource: (found) => asResource(found),
      async mark({ id, description }, tenantId, signal) {
        const text = description?.trim() ? `${description}\n\n` : "";
        await calls.changeDashboard(id, { description: text + keyOf(tenantId) }, signal);
      },
    }),
    // The dashboard is archived first and restored last, so that one that is not archived is whole.
    async enable(id, tenantId, signal) {
      await owned(id, tenantId, signal);
      await questions.restore({ id, tenantId }, signal);
      await calls.changeDashboard(id, { archived: false }, signal);
      return "done";
    },
    async disable(id, tenantId, signal) {
      const dashboard = await owned(id, tenantId, signal);
      const copies = dashboard ? await questions.archivable(dashboard, tenantId, signal) : [];
      await calls.changeDashboard(id, { archived: true }, signal);
      await questions.archive(copies, { id, tenantId }, signal);
      return "done";
    },
    async remove(id, tenantId, signal) {
      const dashboard = await owned(id, tenantId, signal, readOwned);
      if (!dashboard) return "removed";
      // The dashboard is deleted last: an attempt that fails is repeated as long as it exists.
      await questions.remove(dashboard, tenantId, signal);
      await calls.deleteDashboard(id, signal);
      return "removed";
    },
    async health(signal) {
      const user = { path: "/user/current", response: z.object({ id: z.int() }), signal };
      const [process, credential] = await Promise.all([
        probe(() => {
          const response = z.object({ status: z.literal("ok") });
          return http({ operation: "process", path: "/health", response, signal });
        }),
        probe(() => http({ operation: "credential", ...user })),
      ]);
      return { process, credential };
    },
  };

  /** Throws when a copy lacks cards of the template. Needed when the response to the copy, which lists omitted cards, was lost. */
  async function requireWhole(id: number, signal: AbortSignal) {
    const [template, copy] = await Promise.all([
      calls.dashboard(templateDashboardId, signal),
      calls.dashboard(id, signal),
    ]);
    if (!copy || cards(copy) !== (template && cards(template))) throw notWhole("remove_partial_copy");
  }
}

const nameOf = ({ businessName }: Subject) => businessName;
const keyOf = (tenantId: string) => `smarteros:${tenantId}`;
const unfinishedKeyOf = (tenantId: string) => `${keyOf(tenantId)}:copying`;

type Described = { description?: string | null | undefined };

/** Parses the mark, which is a separate line; people may write the other lines. */
function markOf({ description }: Described): { tenantId: string; isCopying: boolean } | undefined {
  const mark = /^smarteros:([^:\s]+)(:copying)?\s*$/m.exec(description ?? "");
  return mark?.[1] ? { tenantId: mark[1], isCopying: mark[2] !== undefined } : undefined;
}
const tenantOf = (described: Described) => markOf(described)?.tenantId;

const cards = ({ dashcards }: Dashboard) => dashcards?.filter((card) => card.card_id != null).length;

function asResource(
  { id, name, description, archived }: Omit<Dashboard, "dashcards">,
  leftovers: readonly string[] = [],
): Resource<"metabase"> {
  const whole = archived ? "disabled" : "active";
  const mark = markOf({ description });
  return {
    id,
    tenantId: mark?.tenantId,
    name,
    state: mark?.isCopying ? "incomplete" : whole,
    leftovers,
    webhooks: [],
  };
}

function notWhole(remedy: "grant_template_access" | "remove_partial_copy") {
  const kind = remedy === "remove_partial_copy" ? "conflict" : "forbidden";
  return new ConnectorError({ vendor: "metabase", operation: "dashboard.copy", kind, remedy });
}

const premium = z.object({ status: z.string().regex(/premium-feature/) });
const refusal = z.object({ message: z.string() });

const classify: Classify = (status, body) => {
  if (status === 402 && premium.safeParse(body).success)
    return { kind: "licence", remedy: "upgrade_licence" };
  const message = typeof body === "string" ? body : (refusal.safeParse(body).data?.message ?? "");
  if (status === 400 && /shallow copy/i.test(message))
    return { kind: "validation", remedy: "check_vendor_version" };
  return undefined;
};
