import { expect } from "vitest";
import type { ResourceId } from "./connector.ts";

type Settings = Record<string, string | undefined>;

/** Creates clients that call the vendors directly, as an administrator would, with the addresses and keys of the settings. */
export function adminApiAt(settings: () => Settings) {
  const request =
    (url: (given: Settings) => string, headers: (given: Settings) => Record<string, string>) =>
    async (path: string, json?: unknown, method = json === undefined ? "GET" : "POST") => {
      const response = await fetch(url(settings()) + path, {
        method,
        headers: { "Content-Type": "application/json", ...headers(settings()) },
        body: json === undefined ? null : JSON.stringify(json),
      });
      expect(response.ok, `${method} ${path} ${response.status}`).toBe(true);
      const text = await response.text();
      // biome-ignore lint/suspicious/noExplicitAny: responses of vendors, which the tests inspect.
      return (text ? JSON.parse(text) : undefined) as any;
    };
  return {
    chatwoot: request(
      ({ CHATWOOT_URL }) => `${CHATWOOT_URL}/api/v1/accounts/1`,
      ({ CHATWOOT_API_TOKEN }) => ({ api_access_token: `${CHATWOOT_API_TOKEN}` }),
    ),
    botpress: request(
      ({ BOTPRESS_URL }) => `${BOTPRESS_URL}/v1/admin`,
      ({ BOTPRESS_TOKEN, BOTPRESS_WORKSPACE_ID }) => ({
        Authorization: `Bearer ${BOTPRESS_TOKEN}`,
        "x-workspace-id": `${BOTPRESS_WORKSPACE_ID}`,
      }),
    ),
    odoo: request(
      ({ ODOO_URL }) => `${ODOO_URL}/json/2`,
      ({ ODOO_API_KEY }) => ({ Authorization: `bearer ${ODOO_API_KEY}` }),
    ),
    n8n: request(
      ({ N8N_URL }) => `${N8N_URL}/api/v1`,
      ({ N8N_API_KEY }) => ({ "X-N8N-API-KEY": `${N8N_API_KEY}` }),
    ),
    metabase: request(
      ({ METABASE_URL }) => `${METABASE_URL}/api`,
      ({ METABASE_API_KEY }) => ({ "x-api-key": `${METABASE_API_KEY}` }),
    ),
  };
}

/** A resource that a person creates and reads at the vendor, without the connector. */
export type ManualResource = {
  /** Creates a resource without a mark and, where the vendor allows both, with data of a person. */
  make(): Promise<ResourceId>;
  /** Reads everything but the mark, which a claim must not change. */
  seen(id: ResourceId): Promise<unknown>;
  /** True when its contents prevent removal. */
  holds?: boolean;
};

export function manualResources(settings: () => Settings) {
  const person = adminApiAt(settings);
  const newName = () => `By hand ${crypto.randomUUID().slice(0, 8)}`;

  const n8n = (kind: "tag" | "project"): ManualResource => ({
    async make() {
      const place = await person.n8n(`/${kind}s`, { name: newName() });
      const workflow = { name: "By hand", nodes: [], connections: {}, settings: {} };
      const projectId = kind === "project" ? { projectId: place.id } : {};
      const { id } = await person.n8n("/workflows", { ...workflow, ...projectId });
      if (kind === "tag") await person.n8n(`/workflows/${id}/tags`, [{ id: place.id }], "PUT");
      return `${kind}:${place.id}`;
    },
    async seen(id) {
      const vendorId = `${id}`.slice(kind.length + 1);
      const { data: places } = await person.n8n(`/${kind}s?limit=250`);
      const { name } = places.find((place: { id: string }) => place.id === vendorId);
      const query = kind === "tag" ? `tags=${encodeURIComponent(name)}` : `projectId=${vendorId}`;
      const { data } = await person.n8n(`/workflows?${query}`);
      const manual = data.filter((workflow: { name: string }) => workflow.name === "By hand");
      const held = manual.map(({ id: workflowId, active, nodes }: Record<string, unknown>) => {
        return { workflowId, active, nodes };
      });
      expect(held).toHaveLength(1);
      // The mark replaces the name of a tag.
      return kind === "tag" ? { held } : { held, name: name.replace(/^t:\S+ /, "") };
    },
    holds: true,
  });

  return {
    chatwoot: {
      async make() {
        const attributes = { agent_reply_time_window: 24, crm: { account: "Ñuñoa" } };
        const channel = {
          type: "api",
          webhook_url: "https://example.test/",
          additional_attributes: attributes,
        };
        return (await person.chatwoot("/inboxes", { name: newName(), channel })).id;
      },
      async seen(id) {
        const { additional_attributes: attributes, ...inbox } = await person.chatwoot(`/inboxes/${id}`);
        const { smarteros_tenant_id: _, ...others } = attributes;
        return { ...inbox, others };
      },
    },
    bot: {
      async make() {
        const { bot } = await person.botpress("/bots", { name: newName(), tags: { team: "ventas" } });
        return `bot:${bot.id}`;
      },
      async seen(id) {
        const { bot } = await person.botpress(`/bots/${`${id}`.slice("bot:".length)}`);
        const { smarteros: _, ...tags } = bot.tags;
        return { ...bot, tags };
      },
    },
    workspace: {
      // The name ends in the form of a mark, without a tenant's id.
      make: async () =>
        `workspace:${(await person.botpress("/workspaces", { name: `${newName()} [Chile]` })).id}`,
      async seen(id) {
        const { handle: _, ...workspace } = await person.botpress(
          `/workspaces/${`${id}`.slice("workspace:".length)}`,
        );
        return workspace;
      },
    },
    odoo: {
      async make() {
        const company = { name: newName(), vat: "76086428-5" };
        const [id] = await person.odoo("/res.company/create", { vals_list: [company] });
        return id;
      },
      async seen(id) {
        const fields = ["id", "name", "vat", "active"];
        const context = { active_test: false };
        const domain = [["id", "=", id]];
        return person.odoo("/res.company/search_read", { domain, fields, context });
      },
    },
    tag: n8n("tag"),
    project: n8n("project"),
    metabase: {
      async make() {
        const { id: collection } = await person.metabase("/collection", { name: newName() });
        const description = "Ventas del mes.\n\nNo mover: copying";
        const copy = { name: newName(), description, collection_id: collection, is_deep_copy: true };
        return (await person.metabase("/dashboard/12/copy", copy)).id;
      },
      async seen(id) {
        const { description, ...dashboard } = await person.metabase(`/dashboard/${id}`);
        return { ...dashboard, text: description.replace(/\n\nsmarteros:\S+$/, "") };
      },
    },
  } satisfies Record<string, ManualResource>;
}
