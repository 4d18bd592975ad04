import * as z from "zod";
import { createClaim } from "../claim.ts";
import type { Resource, ResourceId, Subject } from "../connector.ts";
import type { Creation } from "../creation.ts";
import { unlessGone } from "../owned.ts";
import type { VendorHttp } from "../vendor-http.ts";
import { allPages } from "./pages.ts";

const path = "/v1/admin/bots";
const key = "smarteros";

const bot = z.object({
  id: z.string().regex(/^[\w-]{1,200}$/),
  name: z.string(),
  createdAt: z.string(),
  tags: z.record(z.string(), z.string()).default({}),
});
const list = z.object({ bots: z.array(bot), meta: z.object({ nextToken: z.string().nullish() }) });
const one = z.object({ bot });

/** Creates the operations on a tenant's bot in the shared workspace. */
export function botpressBots(http: VendorHttp) {
  async function load(id: string, signal: AbortSignal) {
    const request = { operation: "bot.read", path: `${path}/${id}`, response: one, signal };
    return (await unlessGone(http(request)))?.bot;
  }

  return {
    nameOf,
    async find({ tenantId }: Subject, signal: AbortSignal) {
      const request = {
        operation: "bot.list",
        path,
        query: { [`tags.${key}`]: tenantId },
        response: list,
        signal,
      };
      const open = ({ bots, meta }: z.output<typeof list>) => ({ items: bots, next: meta.nextToken });
      const own = await allPages(http, request, open, (found) => found.tags[key] === tenantId);
      return own
        .sort((some, other) => some.createdAt.localeCompare(other.createdAt) || (some.id < other.id ? -1 : 1))
        .map(asResource);
    },
    async create(subject: Subject, signal: AbortSignal, creation: Creation) {
      const json = { name: nameOf(subject), tags: { [key]: subject.tenantId } };
      const request = { operation: "bot.create", method: "POST", path, json, response: one } as const;
      return asResource((await http({ ...request, creation, signal })).bot).id;
    },
    async read(id: string, signal: AbortSignal) {
      const found = await load(id, signal);
      return found && asResource(found);
    },
    claim: createClaim({
      vendor: "botpress",
      load: (id: ResourceId<"botpress">, signal) => load(id.slice("bot:".length), signal),
      asResource,
      async mark({ id, tags }, tenantId, signal) {
        // Botpress documents that omitted tags stay. All tags are sent, so that this does not matter.
        const json = { tags: { ...tags, [key]: tenantId } };
        const request = { operation: "bot.change", method: "PUT", path: `${path}/${id}`, json } as const;
        await http({ ...request, response: z.unknown(), signal });
      },
    }),
    async remove(id: string, signal: AbortSignal) {
      const request = { operation: "bot.delete", method: "DELETE", path: `${path}/${id}` } as const;
      await unlessGone(http({ ...request, response: z.unknown(), signal }));
    },
  };
}

const nameOf = ({ businessName }: Subject) => businessName;

function asResource({ id, name, tags }: z.output<typeof bot>): Resource<"botpress"> {
  return { id: `bot:${id}`, tenantId: tags[key], name, state: "active", leftovers: [], webhooks: [] };
}
