import { expect, it, onTestFinished } from "vitest";
import type { Connector } from "./connector.ts";
import { connectorsFor, ensureOnce, heldFor, never, newSubject, whole } from "./connectors.fixture.ts";
import { sandboxSettings, startSandbox } from "./sandbox/index.ts";
import { tenantKey } from "./tenant-key.ts";
import { type Vendor, vendors } from "./vendors.ts";

// Every list is read to its end, with 20 000 resources of other tenants.

const count = 20_000;
const at = "2026-01-05T10:00:00.000Z";

type Row = { id: number; tenantId: string; name: string };
type Setup = {
  name: string;
  vendor: Vendor;
  /** State of the sandbox with the rows. */
  state(rows: Row[]): object;
  conditions?: Record<string, boolean>;
  settings?: Record<string, string>;
  held?: string[];
};

const setups: Setup[] = [
  {
    name: "Chatwoot",
    vendor: "chatwoot",
    state: (rows) => ({
      last: 2 * count,
      inboxes: rows.map(({ id, tenantId, name }) => ({
        id,
        name,
        attributes: { smarteros_tenant_id: tenantId },
        webhookUrl: null,
        identifier: tenantId,
        hmacToken: `hmac-${tenantId}`,
      })),
    }),
  },
  {
    name: "Botpress, with a filter that does not filter",
    vendor: "botpress",
    conditions: { loose_tag_filter: true },
    state: (rows) => ({
      made: 0,
      workspaces: [{ id: "wkspace_sandbox", name: "Shared", createdAt: at }],
      bots: rows.map(({ tenantId, name }) => ({
        id: tenantId,
        workspaceId: "wkspace_sandbox",
        name,
        tags: { smarteros: tenantId },
        createdAt: at,
        signingSecret: "s",
      })),
    }),
  },
  {
    name: "Botpress, a workspace each",
    vendor: "botpress",
    settings: { BOTPRESS_PER_TENANT: "workspace" },
    held: ["workspace"],
    state: (rows) => ({
      made: 0,
      bots: [],
      workspaces: rows.map(({ tenantId, name }) => ({
        id: `wkspace_${tenantId}`,
        name: `${name} [${tenantId}]`,
        handle: `t-${tenantId}`,
        createdAt: at,
      })),
    }),
  },
  {
    name: "Odoo",
    vendor: "odoo",
    state: (rows) => ({
      last: 2 * count,
      companies: rows.map(({ id, tenantId, name }) => ({
        id,
        name,
        vat: false,
        company_registry: tenantId,
        active: true,
      })),
    }),
  },
  {
    name: "n8n, community",
    vendor: "n8n",
    state: (rows) => ({
      tags: rows.map(({ id, tenantId }) => ({
        id: `tag${id}`,
        name: `t:${tenantKey(tenantId)}`,
        createdAt: at,
        updatedAt: at,
      })),
      projects: [],
      workflows: [],
    }),
  },
  {
    name: "n8n, licensed",
    vendor: "n8n",
    conditions: { licensed: true },
    held: ["project", "workflow"],
    state: (rows) => ({
      tags: [],
      projects: rows.map(({ id, tenantId, name }) => ({
        id: `project${id}`,
        name: `t:${tenantKey(tenantId)} ${name}`,
        type: "team",
        createdAt: at,
        updatedAt: at,
      })),
      workflows: [],
    }),
  },
  {
    name: "Metabase",
    vendor: "metabase",
    state: (rows) => ({
      last: 10 * count,
      collections: [
        { id: 4, name: "SmarterOS", description: null, parentId: null, archived: false },
        ...rows.map(({ id, tenantId, name }) => ({
          id: 100 + id,
          name,
          description: `smarteros:${tenantId}`,
          parentId: 4,
          archived: false,
        })),
      ],
      dashboards: [
        {
          id: 12,
          name: "Template",
          description: null,
          collection_id: 4,
          archived: false,
          dashcards: [{ id: 1, card_id: 101 }],
        },
        ...rows.map(({ id, tenantId, name }) => ({
          id: 5 * count + id,
          name,
          description: `smarteros:${tenantId}`,
          collection_id: 100 + id,
          archived: false,
          dashcards: [],
        })),
      ],
    }),
  },
];

it.each(setups)(
  "$name: finds the last of 20 000, and creates one more",
  { timeout: 300_000 },
  async (setup) => {
    const { vendor, state, conditions = {}, settings = {}, held = whole[vendor] } = setup;
    const rows = Array.from({ length: count }, (_, index): Row => {
      // In the order of both name and id.
      return {
        id: index + 1,
        tenantId: crypto.randomUUID(),
        name: `Empresa ${String(index).padStart(5, "0")} SpA`,
      };
    });
    const text = JSON.stringify({ state: state(rows), conditions, faults: [] });
    const sandbox = await startSandbox(vendor, { store: { load: () => text, save: () => undefined } });
    onTestFinished(() => sandbox.stop());
    const others = Object.assign({}, ...vendors.map((one) => sandboxSettings(one, "http://127.0.0.1:9")));
    const connector = connectorsFor({ ...others, ...sandbox.settings, ...settings })[vendor] as Connector;

    const { tenantId = "" } = rows.at(-1) ?? {};
    expect(await connector.find(newSubject({ tenantId }), never())).toMatchObject([{ tenantId }]);

    const subject = newSubject();
    expect(await ensureOnce(connector, subject, never())).toMatchObject({
      action: "created",
      duplicates: [],
    });
    expect(heldFor(sandbox, subject)).toEqual(held);
    expect(await ensureOnce(connector, subject, never())).toMatchObject({ action: "found", duplicates: [] });
  },
);
